import { fencedText } from '../fenced-text.ts';
import { isRecord, listOf, recordOf, textOf, type JsonRecord } from '../json-shape.ts';
import type { SkipKind } from '../skip-tally.ts';
import { stripCitationMarkers } from './citation-markers.ts';

/** Why the whole message is left out, or null when what it says belongs to the conversation. */
export function reasonToDrop(message: JsonRecord): SkipKind | null {
  const role = recordOf(message.author).role;
  const metadata = recordOf(message.metadata);
  const contentType = recordOf(message.content).content_type;
  const recipient = message.recipient;
  if (role === 'system' || role === 'developer') return 'system';
  if (role === 'tool') return 'tool';
  if (contentType === 'user_editable_context' || contentType === 'model_editable_context') return 'context';
  if (metadata.is_visually_hidden_from_conversation === true || metadata.is_visually_hidden === true) return 'hidden';
  if (message.weight === 0) return 'hidden';
  if (role !== 'user' && role !== 'assistant') return 'unknown-author';
  if (contentType === 'thoughts' || contentType === 'reasoning_recap') return 'thoughts';
  if (typeof recipient === 'string' && recipient.startsWith('canmore.')) return 'canvas';
  if (typeof recipient === 'string' && recipient !== '' && recipient !== 'all') return 'tool-call';
  if (contentType === 'execution_output') return 'tool';
  if (contentType === 'tether_browsing_display' || contentType === 'sonic_webpage') return 'browsing';
  if (contentType === 'system_error') return 'error';
  return null;
}

export interface MessageText {
  text: string;
  /** Parts that hold no text, one entry a part. */
  left: SkipKind[];
}

function readPart(part: unknown, into: { texts: string[]; left: SkipKind[] }): void {
  if (typeof part === 'string') {
    into.texts.push(part);
    return;
  }
  if (!isRecord(part)) return;
  const kind = typeof part.content_type === 'string' ? part.content_type : '';
  if (kind.includes('image')) into.left.push('image');
  else if (kind.includes('audio_video') || kind.includes('audio_asset') || kind.includes('video'))
    into.left.push('audio');
  else if (typeof part.text === 'string') into.texts.push(part.text);
  else into.left.push('unknown-part');
}

/**
 * What a message says, from any of the content shapes of 2023 to 2026. A missing `content_type` counts as text;
 * an unknown one is read as far as it holds parts or text.
 */
export function readContent(content: unknown): MessageText {
  if (typeof content === 'string') return { text: stripCitationMarkers(content), left: [] };
  const shape = recordOf(content);
  if (shape.content_type === 'code') {
    const code = textOf(shape.text);
    const language = typeof shape.language === 'string' && /^[\w+#-]+$/.test(shape.language) ? shape.language : '';
    return { text: code === null ? '' : fencedText(code, language === 'unknown' ? '' : language), left: [] };
  }
  const into = { texts: [] as string[], left: [] as SkipKind[] };
  for (const part of listOf(shape.parts)) readPart(part, into);
  if (into.texts.length === 0 && typeof shape.text === 'string') into.texts.push(shape.text);
  return { text: stripCitationMarkers(into.texts.filter((text) => text !== '').join('\n')), left: into.left };
}

import { cleanText } from '#src/safety/clean-text.ts';
import type { ImportItem } from '../import-item.ts';
import type { ImportLimits } from '../import-limits.ts';
import { notYet, textFormats } from '../formats.ts';
import { refusals } from './refusals.ts';
import type { TextEncoding } from './sniff.ts';

async function wholeText(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder(encoding);
  const parts: string[] = [];
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.byteLength;
    if (total > maxBytes) throw refusals.tooLarge(file, maxBytes);
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}

function titleFromName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.[A-Za-z]{1,8}$/, '');
}

function isJsonScalar(text: string): boolean {
  if (text.length > 1_000) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a text file as the one conversation that it is. Throws FactoryError `empty-file`, `unsupported-format`,
 * `not-a-conversation`, `conversation-too-large`.
 */
export async function* readTextFile(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  limits: ImportLimits,
): AsyncGenerator<ImportItem> {
  const text = cleanText(await wholeText(file, bytes, encoding, limits.maxConversationBytes));
  if (text.trim() === '') throw refusals.empty(file);
  const known = notYet.find((candidate) => candidate.recognisesText?.(text) === true);
  if (known !== undefined) throw refusals.notYet(file, known);
  if (isJsonScalar(text)) throw refusals.notAConversation(file);
  const format = textFormats.find((candidate) => candidate.recognises(text));
  if (format === undefined) throw refusals.notAConversation(file);
  const read = format.read(text, titleFromName(file));
  yield { kind: 'conversation', conversation: read.conversation };
  for (const reason of read.problems) yield { kind: 'problem', file, reason };
}

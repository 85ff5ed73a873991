import { draftConversation } from '../draft-conversation.ts';
import { isAssistantName, readSpeakerLabel } from '../speaker-label.ts';
import type { TextFormat } from './format.ts';

interface Line {
  speaker: string | null;
  text: string;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  lrm: '',
  rlm: '',
  quot: '"',
};

function plainText(markup: string): string {
  return markup
    .replace(/<[^<>]*>/g, '')
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .trim();
}

/** The lines of one cue; `<v Name>` holds until the next one, `Name: …` (as Zoom writes it) for its line. */
function readCue(payload: readonly string[]): Line[] {
  const lines: Line[] = [];
  for (const piece of payload.join('\n').split(/(?=<v[. \t])/)) {
    const voice = /^<v(?:\.[\w.-]*)?[ \t]+([^<>]*)>/.exec(piece);
    const text = plainText(piece).replace(/\s*\n\s*/g, ' ');
    if (text === '') continue;
    const label = voice === null ? readSpeakerLabel(text) : null;
    lines.push(
      label === null
        ? { speaker: plainText(voice?.[1] ?? '') || null, text }
        : { speaker: label.speaker, text: label.text },
    );
  }
  return lines;
}

function readBlocks(text: string): { lines: Line[]; notes: number } {
  const lines: Line[] = [];
  let notes = 0;
  for (const block of text.split(/\n[ \t]*\n/)) {
    const rows = block.split('\n').filter((row) => row.trim() !== '');
    const timing = rows.findIndex((row) => row.includes('-->'));
    if (timing >= 0) for (const line of readCue(rows.slice(timing + 1))) lines.push(line);
    else if (/^(?:NOTE|STYLE|REGION)\b/.test(rows[0] ?? '')) notes += 1;
  }
  return { lines, notes };
}

const endsSentence = /[.?!…。？！]["'”’)\]]*$/;

/** A cue is cut by time, not by sense: one that goes on with the same speaker's unfinished sentence is joined to it. */
function joinSentences(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last !== undefined && last.speaker !== null && last.speaker === line.speaker && !endsSentence.test(last.text)) {
      last.text += ` ${line.text}`;
    } else joined.push({ ...line });
  }
  return joined;
}

/** WebVTT captions, as meeting tools save them. */
export const webvtt: TextFormat = {
  kind: 'text',
  name: 'WebVTT',
  recognises: (text) => /^WEBVTT(?:[ \t\n]|$)/.test(text),
  read(text, title) {
    const { lines, notes } = readBlocks(text);
    const draft = draftConversation('webvtt');
    if (lines.every((line) => line.speaker === null)) {
      draft.add({
        speaker: 'You',
        role: 'person',
        at: null,
        text: lines.map((line) => line.text).join('\n'),
        originId: null,
      });
    } else {
      for (const line of joinSentences(lines)) {
        const speaker = line.speaker ?? 'Unknown speaker';
        const role = isAssistantName(speaker) ? 'assistant' : 'person';
        if (!draft.add({ speaker, role, at: null, text: line.text, originId: null })) draft.skipped.add('empty');
      }
    }
    draft.skipped.add('note', notes);
    return { conversation: draft.finish({ id: null, title }), problems: [] };
  },
};

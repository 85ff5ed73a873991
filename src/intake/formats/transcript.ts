import { draftConversation } from '../draft-conversation.ts';
import { splitFences } from '../fences.ts';
import { headingTitle } from '../markdown-heading.ts';
import { isAssistantName, isRoleName, readSpeakerLabel, type SpeakerLabel } from '../speaker-label.ts';
import type { TextFormat } from './format.ts';

interface Line {
  text: string;
  label: SpeakerLabel | null;
}

/** `Name: ```js` at the start of a block: the fence belongs on a line of its own, or its end would look like a start. */
const fenceBehindLabel = /^([^\n`]{1,80}:(?:\*\*|__)?)[ \t]+((?:`{3,}|~{3,})[^`\n]*)$/gm;

/** Every line with its label, if any; lines of fenced code never have one. */
function labelLines(text: string): Line[] {
  const lines: Line[] = [];
  for (const passage of splitFences(text.replace(fenceBehindLabel, '$1\n$2'))) {
    if (passage.kind === 'prose') {
      for (const line of passage.lines) lines.push({ text: line, label: readSpeakerLabel(line) });
      continue;
    }
    const longest = passage.lines.reduce((most, line) => Math.max(most, /^\s*(`*)/.exec(line)?.[1]?.length ?? 0), 2);
    const fence = '`'.repeat(longest + 1);
    for (const line of [`${fence}${passage.info}`, ...passage.lines, fence]) lines.push({ text: line, label: null });
  }
  return lines;
}

/** A title, headings or a line of facts may stand before the first speaker; a page of prose makes it a document. */
const MAX_LINES_BEFORE = 12;

/**
 * Told by its labels: two or more, the first near the top, and either unmistakable (a time, a bold name, a role such
 * as `User`), or used again, or so few that they are no list of fields.
 */
function isTranscript(lines: readonly Line[]): boolean {
  const filled = lines.filter((line) => line.text.trim() !== '');
  const labels = filled.flatMap((line) => (line.label === null ? [] : [line.label]));
  if (labels.length < 2) return false;
  const before = filled.findIndex((line) => line.label !== null);
  if (before > MAX_LINES_BEFORE) return false;
  const times = new Map<string, number>();
  for (const label of labels) times.set(label.speaker, (times.get(label.speaker) ?? 0) + 1);
  const repeated = [...times.values()].some((count) => count > 1);
  // Headings such as `## ChatGPT` and `## Claude` may divide a page about them; a conversation has a person in it.
  const hasPerson = labels.some((label) => !isAssistantName(label.speaker));
  const roles = labels.filter((label) => isRoleName(label.speaker)).length;
  if (hasPerson && (roles >= 2 || (roles === 1 && (repeated || times.size === 2)))) return true;
  if (labels.every((label) => label.strength === 'sure')) return repeated || before === 0;
  return repeated
    ? labels.length * 8 >= filled.length
    : before === 0 && times.size <= 3 && labels.length === filled.length;
}

function titleIn(lines: readonly Line[], fallback: string): string {
  for (const line of lines) {
    if (line.label !== null) break;
    const heading = headingTitle(line.text);
    if (heading !== null) return heading;
  }
  return fallback;
}

/** `Name: text`, `**Name:** text`, `[hh:mm] Name: text` and role headings, in plain text or Markdown. */
export const transcript: TextFormat = {
  kind: 'text',
  name: 'transcript',
  recognises: (text) => isTranscript(labelLines(text)),
  read(text, title) {
    const lines = labelLines(text);
    const draft = draftConversation('transcript');
    let current: { label: SpeakerLabel; lines: string[] } | null = null;
    let linesBefore = 0;
    const keep = () => {
      if (current === null) return;
      const { speaker, time } = current.label;
      const role = isAssistantName(speaker) ? 'assistant' : 'person';
      const kept = draft.add({ speaker, role, at: time, text: current.lines.join('\n'), originId: null });
      if (!kept) draft.skipped.add('empty');
    };
    for (const line of lines) {
      if (line.label !== null) {
        keep();
        current = { label: line.label, lines: [line.label.text] };
      } else if (current !== null) current.lines.push(line.text);
      else if (line.text.trim() !== '') linesBefore += 1;
    }
    keep();
    draft.skipped.add('preamble', linesBefore);
    return { conversation: draft.finish({ id: null, title: titleIn(lines, title) }), problems: [] };
  },
};

import type { Skipped } from '#src/ports/conversation.ts';

/** What an importer may leave out, with the sentence that people read about it. */
const reasons = {
  system: 'System messages set up the assistant; nobody said them.',
  tool: 'Output of tools is not part of what was said.',
  'tool-call': 'The assistant said this to a tool, not to a person.',
  hidden: 'The chat app itself does not show these messages.',
  thoughts: "The assistant's own thinking is not part of what it said.",
  context: 'Custom instructions and profile are settings, not messages.',
  browsing: 'Pages that the assistant read are not part of what was said.',
  error: 'Error notices of the chat app hold nothing that was said.',
  canvas: 'Canvas documents are not read yet. Paste the text of one into the thread to use it.',
  artifact: 'Artifacts are not read yet. Paste the text of one into the thread to use it.',
  image: 'Pictures cannot be read yet.',
  audio: 'Sound and video are not in the text; a transcription, where the file has one, is kept.',
  file: 'The file holds only the name of these attachments, not their text.',
  empty: 'There was no text in these messages.',
  missing: 'These entries are blank in the file.',
  'other-branch': 'They belong to another version of the conversation (an edit or a regenerated answer).',
  'unknown-part': 'These parts are of a kind that is not known here and hold no text.',
  'unknown-author': 'The file does not say who wrote them.',
  bookkeeping: "The chat app's own bookkeeping holds nothing that was said.",
  note: 'Notes and styling of the captions are not speech.',
  preamble: 'These lines stand before the first speaker.',
} as const;

export type SkipKind = keyof typeof reasons;

/** Counts what is left out, by kind, in the order in which each kind first came up. */
export interface SkipTally {
  add(kind: SkipKind, count?: number): void;
  list(): Skipped[];
}

export function createSkipTally(): SkipTally {
  const counts = new Map<SkipKind, number>();
  return {
    add(kind, count = 1) {
      if (count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count);
    },
    list: () => [...counts].map(([kind, count]) => ({ kind, count, reason: reasons[kind] })),
  };
}

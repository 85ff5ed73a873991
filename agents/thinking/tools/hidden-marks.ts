import { refused } from './refused.ts';

/** What the host puts in place of a secret before a model reads it. */
const HIDDEN = /\[redacted [^\]\n]{1,60}\]/g;

/** New text may not bring in the mark of a hidden secret: written back, it would destroy the secret in the file. */
export function requireNoHidden(text: string, before: string): void {
  const mark = text.match(HIDDEN)?.find((found) => !before.includes(found));
  if (mark === undefined) return;
  throw refused(
    `The text holds ${mark}, which stands for a secret that you cannot see.`,
    'Edit the lines around it with edit_file and leave that line as it is.',
  );
}

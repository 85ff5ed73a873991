/** What people ask of the whole factory. */
export type HaltWord = { type: 'halt'; reason: string | null } | { type: 'resume' };

const CALLED = String.raw`^(?:@?(?:tess|piper|mason|ollan|vera|moltbot)[,:]?\s+)?\/?`;
const HALT = new RegExp(`${CALLED}halt(?: all)?\\s*[.!]?$`, 'i');
const HALT_BECAUSE = new RegExp(
  `${CALLED}halt(?: all)?(?:\\s*:\\s*(?:because\\s+)?|\\s+because\\s+)(\\S[\\s\\S]*)$`,
  'i',
);
const RESUME = new RegExp(`${CALLED}resume all\\s*[.!]?$`, 'i');

/** `halt`, `halt: the bill is odd` or `resume all`, with or without a slash; null: other words. */
export function haltWordIn(text: string): HaltWord | null {
  const typed = text.trim();
  if (HALT.test(typed)) return { type: 'halt', reason: null };
  if (RESUME.test(typed)) return { type: 'resume' };
  const reason = HALT_BECAUSE.exec(typed)?.[1]?.trim();
  return reason === undefined ? null : { type: 'halt', reason };
}

/**
 * Text that unreviewed code printed, fit to be shown: terminal sequences and control characters gone (but for line
 * ends and tabs), so that nothing can overwrite what stands before it; characters that turn reading direction or show
 * nothing gone too.
 */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      // Operating system commands, terminated or not; then CSI and two-letter sequences (ECMA-48).
      .replace(/\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?/g, '')
      .replace(/(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g, '')
      .replace(/\u001b[ -/]*[0-~]?/g, '')
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
      .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
      .replace(/[\u{e0000}-\u{e007f}]/gu, '')
      .toWellFormed()
  );
}

/** On one line, at most `maxCharacters`. */
export function cleanLine(text: string, maxCharacters: number): string {
  return cleanText(text).replace(/\s+/g, ' ').trim().slice(0, maxCharacters).toWellFormed();
}

/** The last `maxCharacters`, beginning at a line where that leaves something. */
export function tailOf(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const tail = text.slice(-maxCharacters).toWellFormed();
  const lineEnd = tail.indexOf('\n');
  return lineEnd === -1 || lineEnd > maxCharacters / 2 ? tail : tail.slice(lineEnd + 1);
}

import { shieldCode } from './shield-code.ts';

const OPEN = '<!--';
const CLOSE = '-->';

/**
 * Markdown without its HTML comments, which no reader of the page sees; a short notice stands in for each. In code they
 * are seen, so there they stay. One that never ends goes to the end of the text, as browsers read it.
 */
export function hideComments(text: string): string {
  return replaceComments(text, (comment) => `[a hidden comment of ${comment.length} characters was left out]`);
}

/** The same with nothing in their place: what a reader of the page sees. */
export function withoutComments(text: string): string {
  return replaceComments(text, () => '');
}

/** What the comments outside of code say. */
export function commentsIn(text: string): string[] {
  const found: string[] = [];
  replaceComments(text, (comment) => {
    found.push(comment);
    return '';
  });
  return found;
}

function replaceComments(raw: string, put: (comment: string) => string): string {
  if (!raw.includes(OPEN)) return raw;
  const { text, restore } = shieldCode(raw);
  const parts: string[] = [];
  let at = 0;
  for (let open = text.indexOf(OPEN); open !== -1; open = text.indexOf(OPEN, at)) {
    const close = text.indexOf(CLOSE, open + OPEN.length);
    parts.push(
      text.slice(at, open),
      put(restore(text.slice(open + OPEN.length, close === -1 ? text.length : close)).trim()),
    );
    at = close === -1 ? text.length : close + CLOSE.length;
  }
  return restore(parts.join('') + text.slice(at));
}

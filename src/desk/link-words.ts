/** What people ask about their own account on GitHub. */
export type LinkWord = 'link' | 'unlink';

const WORDS =
  /^(?:@?(?:tess|piper|mason|ollan|vera|moltbot)[,:]?\s+)?\/?(link|unlink)(?: my)? github(?: account)?\s*[.!]?$/i;

/** `link github` or `unlink github`, with or without a slash; null: other words. */
export function linkWordIn(text: string): LinkWord | null {
  const word = WORDS.exec(text.trim())?.[1]?.toLowerCase();
  return word === 'link' || word === 'unlink' ? word : null;
}

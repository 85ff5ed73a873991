/** What a first-level Markdown heading says, or null. Headings over 300 characters are no titles. */
export function headingTitle(line: string): string | null {
  const heading = /^#[ \t]+(\S.{0,299})$/.exec(line)?.[1];
  return heading === undefined
    ? null
    : heading
        .trim()
        .replace(/[ \t]*#+$/, '')
        .trim() || null;
}

/** The first such heading of a text, or null. */
export function firstHeadingTitle(text: string): string | null {
  for (const match of text.matchAll(/^#[ \t].*$/gm)) {
    const title = headingTitle(match[0]);
    if (title !== null) return title;
  }
  return null;
}

/** People's words as one line of Markdown: they may not make a list, a heading or a link of their own. */
export function markdownLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|]/g, String.raw`\$&`);
}

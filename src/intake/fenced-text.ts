/** The text inside a Markdown fence that is longer than any run of backticks in it, so that it cannot close early. */
export function fencedText(text: string, language: string): string {
  let longest = 2;
  for (const run of text.matchAll(/`+/g)) longest = Math.max(longest, run[0].length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

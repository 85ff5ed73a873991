import { isPathToken } from '#src/intake/path-token.ts';

const MARK = '```';

/** Words that people write behind the marks. Slack keeps them as the first line of the code. */
const languages = new Set(
  (
    'bash c c# c++ cpp cs csharp css diff dockerfile feature gherkin go graphql hcl html java javascript js json jsx ' +
    'kotlin kt less lua makefile markdown md patch perl php powershell proto py python r rb rs ruby rust scala scss sh ' +
    'shell sql svelte swift terraform text toml ts tsx txt typescript vue xml yaml yml zsh'
  ).split(' '),
);

/**
 * Code blocks with their marks on lines of their own. Slack writes them against the text, ```` ```like this``` ````,
 * which readers of Markdown take for code inside a sentence. A last mark without a partner stays as it is.
 */
export function fenceCodeBlocks(text: string): string {
  const parts = text.split(MARK);
  if (parts.length < 3) return text;
  const paired = parts.length % 2 === 1 ? parts.length : parts.length - 1;
  const pieces = [parts[0] ?? ''];
  // The text so far is never put together while it grows: that would take time for each block in it.
  let isAtLineStart = pieces[0] === '' || pieces[0]?.endsWith('\n') === true;
  for (let at = 1; at < paired; at += 2) {
    const after = parts[at + 1] ?? '';
    const gap = after === '' || after.startsWith('\n') ? '' : '\n';
    pieces.push(isAtLineStart ? '' : '\n', MARK, withInfo(parts[at] ?? ''), MARK, gap, after);
    isAtLineStart = after.endsWith('\n');
  }
  if (paired < parts.length) pieces.push(MARK, parts.at(-1) ?? '');
  return pieces.join('');
}

/** What stands between the marks: the info on their line, the code below it. */
function withInfo(code: string): string {
  const end = code.indexOf('\n');
  const first = (end === -1 ? '' : code.slice(0, end)).trim();
  const isInfo = languages.has(first.toLowerCase()) || (first !== '' && isPathToken(first));
  const body = isInfo ? code.slice(end + 1) : code.replace(/^[ \t]*\n/, '');
  return `${isInfo ? first : ''}\n${body}${body.endsWith('\n') ? '' : '\n'}`;
}

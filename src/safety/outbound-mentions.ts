/** Slack's forms for everybody, groups, people and channels, and Discord's for people, roles and channels. */
export function plainCalls(text: string): string {
  if (!text.includes('<')) return text;
  return text
    .replace(/<!(channel|here|everyone)(?:\|[^<>\n]{0,80})?>/gi, '$1')
    .replace(/<!subteam\^\w{1,40}(?:\|@?([^<>\n]{0,80}))?>/gi, (_match, name: string | undefined) => name ?? 'a group')
    .replace(
      /<@[!&]?(\w{1,40})(?:\|@?([^<>\n]{0,80}))?>/g,
      (_match, id: string, name: string | undefined) => name ?? id,
    )
    .replace(
      /<#(\w{1,40})(?:\|([^<>\n]{0,80}))?>/g,
      (_match, id: string, name: string | undefined) => `#${name ?? id}`,
    );
}

/** The words that call everybody, without their sign. */
export function plainEverybody(text: string): string {
  return text.replace(/(?<![a-z0-9])@(channel|here|everyone)\b/gi, '$1');
}

/**
 * Names of people and teams on a forge, as code, so that nobody is called. Where a backtick is open in the paragraph
 * more of them would change what is code, so there the sign goes.
 */
export function plainNames(text: string): string {
  if (!text.includes('@')) return text;
  return text
    .split(/(\n[ \t]*\n)/)
    .map((paragraph) => {
      const put = paragraph.includes('`') ? '$1' : '`@$1`';
      return paragraph.replace(/(?<![a-z0-9])@([a-z0-9](?:-?[a-z0-9]){0,38}(?:\/[\w-]{1,100})?)/gi, put);
    })
    .join('');
}

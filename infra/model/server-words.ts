const MAX_QUOTED_CHARACTERS = 300;

/**
 * What a server said, fit to be shown: one line, short, in quotation marks, without the key. Servers repeat keys, also
 * half hidden ones ("Incorrect API key provided: sk-ab***yz").
 */
export function quoted(words: string, secrets: readonly (string | null | undefined)[]): string {
  const withoutKey = secrets.reduce<string>(
    (rest, secret) => (secret == null || secret.length < 4 ? rest : rest.replaceAll(secret, '[key]')),
    words,
  );
  const line = withoutKey
    .replace(/\b(sk|pk|key|gsk|xai)[-_][\w*.-]{6,}/gi, '[key]')
    .replace(/\b(Bearer|Basic)\s+\S+/gi, '$1 [key]')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  if (line === '') return 'nothing';
  const points = [...line];
  return `"${points.length > MAX_QUOTED_CHARACTERS ? `${points.slice(0, MAX_QUOTED_CHARACTERS).join('')}…` : line}"`;
}

/** HTML where JSON should be: a login page, a proxy's error page, the server's home page. */
export function looksLikeHtml(contentType: string | null, text: string): boolean {
  return contentType?.includes('text/html') === true || /^\s*<(!doctype|html)\b/i.test(text);
}

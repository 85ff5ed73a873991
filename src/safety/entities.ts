const NAMED: Readonly<Record<string, string>> = {
  colon: ':',
  sol: '/',
  bsol: '\\',
  period: '.',
  commat: '@',
  excl: '!',
  lpar: '(',
  rpar: ')',
  lbrack: '[',
  lsqb: '[',
  rbrack: ']',
  rsqb: ']',
  num: '#',
  quest: '?',
  equals: '=',
  newline: ' ',
  tab: ' ',
};

/** What a character must not become: the start of another entity, a tag, or code. */
const INSTEAD: Readonly<Record<string, string>> = { '&': '&amp;', '<': '‹', '>': '›', '`': "'" };

/** Characters that a page would put together only when it is shown, as themselves. Markup is never made by it. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{3,7}));/gi, (match, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? match;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff) || (code >= 0xfd_d0 && code <= 0xfd_ef)) return '';
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return ' ';
    const character = String.fromCodePoint(code);
    return INSTEAD[character] ?? character;
  });
}

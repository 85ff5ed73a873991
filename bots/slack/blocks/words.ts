/** As it is read out: without the marks of `code` and **bold**, on one line. */
export function plain(text: string): string {
  return text
    .replaceAll(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g, (_, code: string | undefined, bold: string | undefined) => {
      return code ?? bold ?? '';
    })
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** At most `max` long, ended at a word and marked when something is missing. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, breakBefore(text, max - 2)).trimEnd()} …`;
}

/** Parts of at most `max`, broken at lines, else at words. */
export function splitText(text: string, max: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const end = breakBefore(rest, max);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
    // One line end is what the break itself stands for.
    if (rest.startsWith('\n')) rest = rest.slice(1);
  }
  if (rest !== '') parts.push(rest);
  return parts;
}

/** Where a text longer than `max` is best broken. A word of more than half of it is broken itself. */
function breakBefore(text: string, max: number): number {
  const least = max / 2;
  const line = text.lastIndexOf('\n', max);
  if (line > least) return line;
  for (let at = max; at > least; at -= 1) {
    if (/\s/.test(text.charAt(at))) return at;
  }
  return betweenSigns(text, max);
}

/** Longer than any emoji of one family; more than that is no sign that anybody reads. */
const LONGEST_SIGN = 40;

/** Not within a surrogate pair, nor before what belongs to the sign before it (accents, joined emoji). */
function betweenSigns(text: string, max: number): number {
  for (let at = max; at > Math.max(0, max - LONGEST_SIGN); at -= 1) {
    const next = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const isWithinPair = /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1));
    if (!isWithinPair && !/[\p{M}\p{Emoji_Modifier}\u200d\ufe0f]/u.test(next) && text.charAt(at - 1) !== '\u200d') {
      return at;
    }
  }
  return /[\udc00-\udfff]/.test(text.charAt(max)) ? max - 1 : max;
}

/** For the one text that Slack reads as `mrkdwn`: no mention, link or broadcast can begin in it. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Noncharacters of Unicode: no text has them, so they can stand for a piece of code while its surroundings change. */
const FROM = '\ufdd0';
const TO = '\ufdd1';
const NONCHARACTERS = /[\ufdd0-\ufdef]/g;

export interface Shielded {
  text: string;
  /** Puts what was taken away back where it stood. */
  restore: (text: string) => string;
  /** Takes one more piece away; answers what stands for it. */
  shield: (piece: string) => string;
}

/**
 * Takes fenced code and code spans out of markdown. A piece counts as code only where every reader of markdown agrees
 * (a fence at the first column, a span within its line, no open tag or odd backtick in the paragraph), for what is
 * taken for code is not looked at. Everything else stays as prose. Linear.
 */
export function shieldCode(text: string): Shielded {
  const pieces: string[] = [];
  const shield = (piece: string): string => `${FROM}${pieces.push(piece) - 1}${TO}`;
  const lines = text.replace(NONCHARACTERS, '').split('\n');
  const out: string[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    out.push(...shieldSpans(paragraph, shield));
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const mark = /^(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line);
    const fence = mark?.[1] ?? mark?.[2];
    if (fence !== undefined) {
      endParagraph();
      const end = fenceEnd(lines, at, fence);
      out.push(shield(lines.slice(at, end + 1).join('\n')));
      at = end;
    } else if (/^[ \t]*$/.test(line)) {
      endParagraph();
      out.push(line);
    } else paragraph.push(line);
  }
  endParagraph();
  const restore = (shielded: string): string =>
    shielded.replaceAll(/\ufdd0(\d+)\ufdd1/g, (_match, index: string) => restore(pieces[Number(index)] ?? ''));
  return { text: out.join('\n'), restore, shield };
}

/** The line that closes a fence; the last line of all where none does. */
function fenceEnd(lines: readonly string[], start: number, fence: string): number {
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').trimEnd();
    const marks = line.trimStart();
    const indented = line.length - marks.length > 3;
    if (!indented && marks.length >= fence.length && marks.replaceAll(fence.charAt(0), '') === '') return at;
  }
  return lines.length - 1;
}

function shieldSpans(paragraph: readonly string[], shield: (piece: string) => string): readonly string[] {
  const done: string[] = [];
  for (const line of paragraph) {
    // An indented fence, or a line that opens a block of HTML, where backticks mean nothing.
    if (/^[ \t]+(?:`{3,}|~{3,})|^[ \t>*+\-\d.)]{0,40}<[a-z/!?]/i.test(line)) return paragraph;
    const shielded = shieldLine(line);
    if (shielded === null) return paragraph;
    done.push(shielded.map(({ code, text }) => (code ? shield(text) : text)).join(''));
  }
  return done;
}

/** The line in pieces; null where a backtick or a tag stays open. */
function shieldLine(line: string): { code: boolean; text: string }[] | null {
  if (!line.includes('`')) return /<[a-z/!?][^<>]*$/i.test(line.slice(-4_000)) ? null : [{ code: false, text: line }];
  const pieces: { code: boolean; text: string }[] = [];
  const sign = /\\.|`+|<[a-z/!?]/gi;
  let from = 0;
  for (let found = sign.exec(line); found !== null; found = sign.exec(line)) {
    const [mark] = found;
    if (mark.startsWith('<')) {
      const tag = /<[^<>`]*>/y;
      tag.lastIndex = found.index;
      if (!tag.test(line)) return null;
      sign.lastIndex = tag.lastIndex;
    } else if (mark.startsWith('`')) {
      const end = runOf(line, sign.lastIndex, mark.length);
      if (end === -1) return null;
      pieces.push(
        { code: false, text: line.slice(from, found.index) },
        { code: true, text: line.slice(found.index, end) },
      );
      from = end;
      sign.lastIndex = end;
    }
  }
  return [...pieces, { code: false, text: line.slice(from) }];
}

/** The end of the next run of exactly `length` backticks; -1 where there is none. */
function runOf(line: string, from: number, length: number): number {
  const run = /`+/g;
  run.lastIndex = from;
  for (let found = run.exec(line); found !== null; found = run.exec(line))
    if (found[0].length === length) return run.lastIndex;
  return -1;
}

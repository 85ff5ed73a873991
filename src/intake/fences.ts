/** A text taken apart into its fenced code and what stands around it, line by line. */
export type Passage = { kind: 'prose'; lines: string[] } | FencedPassage;

export interface FencedPassage {
  kind: 'fence';
  /** What stands behind the opening fence, trimmed. */
  info: string;
  /** The code, without the indentation of a list that it stands in. */
  lines: string[];
  /** False when the text ended before the fence did. */
  closed: boolean;
}

interface Opening {
  mark: string;
  length: number;
  indent: number;
  info: string;
}

/** List markers may stand before a fence; block quotes are left alone, as their code is somebody else's words. */
const openingFence = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})[ \t]*(.*)$/;

function widthOf(lead: string): number {
  return lead.replaceAll('\t', '    ').length;
}

function readOpening(line: string): Opening | null {
  const match = openingFence.exec(line);
  if (match === null) return null;
  const [, lead = '', fence = '', rest = ''] = match;
  // A backtick behind the fence makes it code inside a sentence (CommonMark 4.5).
  if (fence.startsWith('`') && rest.includes('`')) return null;
  return { mark: fence.charAt(0), length: fence.length, indent: widthOf(lead), info: rest.trim() };
}

function closes(line: string, opening: Opening): boolean {
  const bare = line.trim();
  return bare.length >= opening.length && bare === opening.mark.repeat(bare.length);
}

function withoutIndent(line: string, indent: number): string {
  let taken = 0;
  let at = 0;
  while (taken < indent && (line[at] === ' ' || line[at] === '\t')) {
    taken += line[at] === '\t' ? 4 : 1;
    at += 1;
  }
  return line.slice(at);
}

/** Where the fence that opens before line `from` ends; `lines.length` when it does not. */
function findClose(lines: readonly string[], from: number, opening: Opening, nests: boolean): number {
  let inside: Opening | null = null;
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (inside !== null) {
      if (closes(line, inside)) inside = null;
      continue;
    }
    if (closes(line, opening)) return at;
    if (!nests) continue;
    const inner = readOpening(line);
    // Assistants often put a whole README, fences and all, into a fence of the same length.
    if (inner !== null && inner.info !== '' && inner.mark === opening.mark) inside = inner;
  }
  return lines.length;
}

/** Splits a text at its fences: backticks and tildes, in lists, nested, and one that is never closed. Linear. */
export function splitFences(text: string): Passage[] {
  const lines = text.split(/\r?\n/);
  const passages: Passage[] = [];
  let prose: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const opening = readOpening(line);
    if (opening === null) {
      prose.push(line);
      at += 1;
      continue;
    }
    if (prose.length > 0) passages.push({ kind: 'prose', lines: prose });
    prose = [];
    const holdsMarkdown = /^(?:markdown|md|mdx)\b|\.mdx?\b/i.test(opening.info);
    let end = findClose(lines, at + 1, opening, holdsMarkdown);
    if (end === lines.length && holdsMarkdown) end = findClose(lines, at + 1, opening, false);
    passages.push({
      kind: 'fence',
      info: opening.info,
      lines: lines.slice(at + 1, end).map((inner) => withoutIndent(inner, opening.indent)),
      closed: end < lines.length,
    });
    at = end + 1;
  }
  if (prose.length > 0) passages.push({ kind: 'prose', lines: prose });
  return passages;
}

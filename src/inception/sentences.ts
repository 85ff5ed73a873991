import nlp from 'compromise/one';

/** A line longer than this is cut into pieces first, so that one pasted log cannot hold up the rest. Characters. */
const maxLineLength = 4_000;

/** Of a list, with the box of a list of tasks. */
export const bulletMark = /^\s*(?:[-*•–+]|\d{1,3}[.)]|[a-z][.)])\s+(?:\[[ x]\]\s+)?/i;

/** One piece of a message: a whole bullet or heading, or one sentence of a paragraph. */
export interface Piece {
  kind: 'heading' | 'bullet' | 'sentence';
  /** Without bullet or heading marks; Markdown emphasis is kept. */
  text: string;
  /** Which line of the message it stands in, from 0. */
  line: number;
}

/** Splits prose into pieces: lines and bullets first, then sentences. */
export function splitPieces(prose: string): Piece[] {
  const pieces: Piece[] = [];
  const lines = prose.split('\n');
  for (const [line, raw] of lines.entries()) {
    const trimmed = raw.trim();
    if (trimmed === '' || /^[-=*_~`>|\s]+$/.test(trimmed)) continue;
    if (/^#{1,6}\s/.test(trimmed)) pieces.push({ kind: 'heading', text: trimmed.replace(/^#{1,6}\s+/, ''), line });
    else if (bulletMark.test(raw)) pieces.push({ kind: 'bullet', text: trimmed.replace(bulletMark, '').trim(), line });
    else if (isHeadingLine(trimmed)) pieces.push({ kind: 'heading', text: trimmed, line });
    else
      for (const text of splitSentences(trimmed.replace(/^(?:>\s*)+/, '')))
        pieces.push({ kind: 'sentence', text, line });
  }
  return pieces;
}

/** "Must have:" or "**Should have**" alone on a line governs what follows. */
function isHeadingLine(line: string): boolean {
  return line.length <= 80 && !/[.!?]\s/.test(line) && (/:\s*\**$/.test(line) || /^\*\*[^*]+\*\*:?$/.test(line));
}

/** Sentences of one line of prose. */
export function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  for (let from = 0; from < line.length; from += maxLineLength) {
    const found = nlp.tokenize(line.slice(from, from + maxLineLength)).out('array') as string[];
    for (const sentence of found) if (sentence.trim() !== '') sentences.push(sentence.trim());
  }
  return sentences;
}

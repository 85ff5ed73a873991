import { excerptOf } from './excerpt.ts';
import type { FilledPart } from './fill-part.ts';
import { suspicionsIn, wrapWithin } from './fill-part.ts';
import type { PackEntry, RepositoryView } from './pack.ts';
import type { Ranking } from './rank-files.ts';
import { charactersFor, estimateTokens } from './tokens.ts';

/** A file takes at most this share of what is left, so that one long file does not push out all others. */
const MAX_SHARE_OF_REST = 0.2;
/** Of a small rest a file may take so much all the same. */
const MIN_FILE_TOKENS = 250;
/** Less of a file helps nobody. */
const MIN_EXCERPT_TOKENS = 150;
/** Markers, head and line numbers of an excerpt. */
const FRAME_TOKENS = 90;
/** Names of files that found no room, for the account; the others are counted. */
const MAX_LEFT_OUT = 40;

/** The likeliest files: whole where they fit, else as excerpts, until the room is used up. */
export function chooseFiles(heading: string, ranking: Ranking, view: RepositoryView, roomTokens: number): FilledPart {
  const head = `## ${heading}\n\n`;
  const filled: FilledPart = { part: 'files', text: '', tokens: 0, included: [], leftOut: [] };
  let left = roomTokens - estimateTokens(head);
  const pieces: string[] = [];
  for (const { path, why } of ranking.files) {
    const text = view.texts.get(path) ?? '';
    const cap = Math.max(Math.floor(left * MAX_SHARE_OF_REST), MIN_FILE_TOKENS);
    const piece = left < MIN_EXCERPT_TOKENS ? null : pieceOf(path, text, ranking, Math.min(cap, left));
    if (piece === null) {
      filled.leftOut.push({
        part: 'files',
        title: path,
        tokens: estimateTokens(text),
        why: `${why}; there was no room left`,
      });
      continue;
    }
    const tokens = estimateTokens(piece.text);
    left -= tokens;
    pieces.push(piece.text);
    const shownWhy = piece.isWhole ? why : `${why}; only the lines that say most about the task are shown`;
    const account = { title: path, tokens, why: shownWhy, lines: piece.lines };
    filled.included.push({ part: 'files', ...account, ...suspicionsIn(text) });
  }
  filled.leftOut = summed(filled.leftOut);
  if (pieces.length === 0) return filled;
  return { ...filled, text: head + pieces.join(''), tokens: roomTokens - left };
}

function pieceOf(path: string, text: string, ranking: Ranking, tokens: number) {
  const origin = `file ${path}`;
  if (estimateTokens(text) <= tokens) {
    const whole = wrapWithin({ origin, text, form: 'file' }, tokens);
    if (whole !== null && !whole.shortened)
      return { text: whole.text, isWhole: true, lines: [[1, text.split('\n').length]] as const };
  }
  if (tokens < MIN_EXCERPT_TOKENS) return null;
  const room = charactersFor(tokens - FRAME_TOKENS);
  const excerpt = excerptOf(text, ranking.definitions.get(path) ?? [], ranking.wordValues, room);
  if (excerpt.lines.length === 0) return null;
  const part = wrapWithin({ origin: `${origin}, an excerpt`, text: excerpt.text, form: 'file' }, tokens);
  return part === null ? null : { text: part.text, isWhole: false, lines: excerpt.lines };
}

function summed(leftOut: readonly PackEntry[]): PackEntry[] {
  const rest = leftOut.slice(MAX_LEFT_OUT);
  if (rest.length === 0) return [...leftOut];
  const tokens = rest.reduce((sum, entry) => sum + entry.tokens, 0);
  const title = `${rest.length} more files`;
  return [...leftOut.slice(0, MAX_LEFT_OUT), { part: 'files', title, tokens, why: 'less likely than all of these' }];
}

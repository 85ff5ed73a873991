import { suspicions } from '#src/safety/suspicions.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { PackEntry, PackPart } from './pack.ts';
import { charactersFor, estimateTokens } from './tokens.ts';

/** Something that may go into a part of a pack. */
export interface Item {
  title: string;
  /** Where the text comes from, as the model is told. */
  origin: string;
  text: string;
  why: string;
  /** A file is shown to the letter; prose loses what nobody sees. Default: prose. */
  form?: 'prose' | 'file';
  /** It is left out rather than shortened. */
  isWhole?: true;
  lessonId?: string;
}

export interface FilledPart {
  part: PackPart;
  text: string;
  tokens: number;
  included: PackEntry[];
  leftOut: PackEntry[];
}

/** Less than this of an item helps nobody. */
const MIN_PIECE_TOKENS = 40;

/**
 * Takes items in order while they fit; the first that does not fit is shortened, the others are left out with the
 * reason. Never over `allowanceTokens`, heading included.
 */
export function fillPart(part: PackPart, heading: string, items: readonly Item[], allowanceTokens: number): FilledPart {
  const head = `## ${heading}\n\n`;
  const filled: FilledPart = { part, text: '', tokens: 0, included: [], leftOut: [] };
  let left = allowanceTokens - estimateTokens(head);
  let text = head;
  for (const item of items) {
    const ofLesson = item.lessonId === undefined ? {} : { lessonId: item.lessonId };
    const piece = left < MIN_PIECE_TOKENS ? null : wrapWithin(item, left);
    if (piece === null) {
      filled.leftOut.push({
        part,
        title: item.title,
        tokens: estimateTokens(item.text),
        why: 'there was no room left',
        ...ofLesson,
      });
      continue;
    }
    const tokens = estimateTokens(piece.text);
    text += piece.text;
    left -= tokens;
    const why = piece.shortened ? `${item.why}; shortened to fit` : item.why;
    filled.included.push({ part, title: item.title, tokens, why, ...ofLesson, ...suspicionsIn(item.text) });
  }
  if (filled.included.length === 0) return filled;
  return {
    ...filled,
    text,
    tokens: estimateTokens(head) + filled.included.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

/** For the account of something that went in, by its text as it was before anything was taken out of it. */
export function suspicionsIn(text: string): Pick<PackEntry, 'suspicions'> {
  const found = suspicions(text);
  return found.length === 0 ? {} : { suspicions: found };
}

/** The item as outside text, shortened when need be and allowed; null when only a scrap of it would fit. */
export function wrapWithin(
  item: Pick<Item, 'origin' | 'text' | 'form' | 'isWhole'>,
  tokens: number,
): { text: string; shortened: boolean } | null {
  const { origin, form = 'prose' } = item;
  const wrap = (text: string, maxCharacters: number) => `${wrapOutsideText({ origin, text, maxCharacters, form })}\n\n`;
  const room = charactersFor(tokens);
  // What is made harmless may become longer, so the length of the text itself does not tell.
  const whole = wrap(item.text, Number.MAX_SAFE_INTEGER);
  if (whole.length <= room) return { text: whole, shortened: false };
  if (item.isWhole) return null;
  const left = room - wrap('', 0).length;
  return left < charactersFor(MIN_PIECE_TOKENS) ? null : { text: wrap(item.text, left), shortened: true };
}

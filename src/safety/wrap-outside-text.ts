import { createHash } from 'node:crypto';
import { cleanLine, cleanText } from './clean-text.ts';
import { hideComments } from './html-comments.ts';
import { disarmMarkers } from './markers.ts';
import { redactSecrets } from './redact-secrets.ts';

export interface OutsideText {
  /** Where it comes from, for people and models: `message 4 by Ada`, `src/a.ts at 1a2b3c4`, `output of check test`. */
  origin: string;
  text: string;
  /** Of the text itself, the notice of what was left out included; the markers come on top. */
  maxCharacters: number;
  /** Files keep their HTML comments, for an edit has to find them; in prose nobody sees them, so they go. */
  form?: 'prose' | 'file';
}

const MAX_ORIGIN_CHARACTERS = 200;

/**
 * Text by others, as a block that a model can tell from its instructions. The markers carry an id made from the text,
 * so the text cannot hold its own end; hidden characters and secrets are gone, and what is too long loses its middle.
 */
export function wrapOutsideText({ origin, text, maxCharacters, form = 'prose' }: OutsideText): string {
  const seen = cleanText(text);
  // Before the cut: half a secret would not be known for one.
  const shown = redactSecrets(disarmMarkers(form === 'prose' ? hideComments(seen) : seen));
  const body = cutMiddle(shown, maxCharacters);
  const id = createHash('sha256').update(body).digest('base64url').replaceAll(/[-_]/g, '').slice(0, 8).toLowerCase();
  const label = disarmMarkers(redactSecrets(cleanLine(origin, MAX_ORIGIN_CHARACTERS))).replaceAll(/["<>]/g, "'");
  return `<outside origin="${label}" id="${id}">\n${body}\n</outside id="${id}">`;
}

/** Head and tail of a text that is too long, each ending at a line where that leaves something. */
function cutMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const notice = (left: number) => `[${left} characters left out here]`;
  const room = maxCharacters - notice(text.length).length - 2;
  if (room < 2) return notice(text.length).slice(0, Math.max(maxCharacters, 0));
  const headRoom = Math.ceil((room * 2) / 3);
  const tailRoom = room - headRoom;
  let head = text.slice(0, headRoom);
  const headEnd = head.lastIndexOf('\n');
  if (headEnd > headRoom / 2) head = head.slice(0, headEnd);
  let tail = tailRoom === 0 ? '' : text.slice(-tailRoom);
  const tailStart = tail.indexOf('\n');
  if (tailStart !== -1 && tailStart < tailRoom / 2) tail = tail.slice(tailStart + 1);
  return `${head.toWellFormed()}\n${notice(text.length - head.length - tail.length)}\n${tail.toWellFormed()}`;
}

import { readMessage } from './acknowledgement.ts';
import type { Piece } from './sentences.ts';
import { startsWithVerb, stripAsking } from './wording.ts';

const making =
  /^(?:write|create|build|scaffold|bootstrap|implement|generate|make|add|develop|design|give me|convert|refactor|port|fix|rename|extend|provide|set up|change|update)\b/i;
const wanting = /\b(?:i|we)(?:'d| would)? (?:also |really |just |now |still )*(?:need|want|like)\b/i;

/** The piece of a message that says best what is asked: an order to make something, else an order, else a wish. null: nothing is asked. */
export function findRequestPiece(pieces: readonly Piece[]): Piece | null {
  let best: Piece | null = null;
  let bestScore = 0;
  for (const piece of pieces) {
    if (piece.kind === 'heading' || !readMessage(piece.text).asks) continue;
    const plain = stripAsking(piece.text);
    const score = making.test(plain) ? 4 : wanting.test(piece.text) ? 2 : startsWithVerb(plain) ? 3 : 1;
    if (score > bestScore) [best, bestScore] = [piece, score];
  }
  return best;
}

/** "How do I center a div?" asks for help, and only perhaps for a thing to be built. */
export function asksHow(sentence: string): boolean {
  return /^(?:\W|so|and|ok(?:ay)?|hi|hello|hey)*\s*how (?:do|can|could|would|should|to)\b/i.test(sentence);
}

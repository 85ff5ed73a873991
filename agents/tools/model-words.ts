import { cleanLine } from '#src/safety/clean-text.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';

/** What one sentence of a packet may take; more is not read by anybody. */
const SENTENCE_CHARACTERS = 300;

/** A model's words, fit for a packet: on one line, capped, without secrets, links, pictures and mentions. */
export function modelWords(text: string, maxCharacters = SENTENCE_CHARACTERS): string {
  // Capped before and after: the filter may add words, and has no need to read what nobody will see.
  return cleanLine(cleanOutbound(cleanLine(text, maxCharacters), {}), maxCharacters);
}

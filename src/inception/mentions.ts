import { addEvidence, type FeatureBook } from './feature-book.ts';
import { isMeetingTalk } from './lexicon.ts';
import type { Said } from './statements.ts';
import { keyTokens } from './tokens.ts';

/** Enough shared words to say that a sentence speaks of a feature: three and half of them, or two and most of them. */
const few = { shared: 2, share: 0.66 };
const many = { shared: 3, share: 0.5 };

/** Adds to every feature the messages of people that speak of it without being a requirement themselves. */
export function noteMentions(book: FeatureBook, conversation: readonly Said[]): void {
  if (book.entries.length === 0) return;
  for (const said of conversation) {
    if (said.role === 'assistant') continue;
    for (const piece of said.pieces) {
      if (isMeetingTalk(piece.text)) continue;
      const tokens = keyTokens(piece.text);
      for (const entry of tokens.size < few.shared ? [] : book.near(tokens)) {
        let shared = 0;
        for (const token of entry.tokens) if (tokens.has(token)) shared += 1;
        const share = shared / entry.tokens.size;
        const speaksOf = (shared >= many.shared && share >= many.share) || (shared >= few.shared && share >= few.share);
        if (speaksOf) addEvidence(entry.feature, said.position);
      }
    }
  }
}

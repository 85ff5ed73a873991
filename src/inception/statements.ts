import type { Conversation } from '#src/ports/conversation.ts';
import { proseOf } from '#src/intake/prose.ts';
import { type Reading, readMessage } from './acknowledgement.ts';
import { readSections } from './sections.ts';
import { type Piece, splitPieces } from './sentences.ts';

/** One message, read once, for every extractor to look at. */
export interface Said {
  position: number;
  speaker: string;
  role: 'person' | 'assistant';
  /** The text without code, and without the lists that a person gave headings to. */
  prose: string;
  pieces: Piece[];
  /** What a person listed under a heading of that name. */
  constraints: readonly string[];
  /** It lists acceptance criteria under that heading: it is one request, and says when it is done. */
  hasCriteria: boolean;
  reading: Reading;
  /** It shows code in a fence. */
  hasCode: boolean;
}

export function readConversation(conversation: Conversation): Said[] {
  return conversation.messages.map((message) => {
    const whole = proseOf(message.text).replaceAll(/[’‘]/g, "'");
    const {
      rest: prose,
      constraints,
      criteria,
    } = message.role === 'person' ? readSections(whole) : { rest: whole, constraints: [], criteria: [] };
    return {
      position: message.position,
      speaker: message.speaker,
      role: message.role,
      prose,
      pieces: splitPieces(prose),
      constraints,
      hasCriteria: criteria.length > 0,
      reading: readMessage(prose),
      hasCode: /^\s*(?:```|~~~)/m.test(message.text),
    };
  });
}

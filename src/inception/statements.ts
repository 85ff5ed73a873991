import type { Conversation } from '#src/ports/conversation.ts';
import { proseOf } from '#src/intake/prose.ts';
import { type Reading, readMessage } from './acknowledgement.ts';
import { type Piece, splitPieces } from './sentences.ts';

/** One message, read once, for every extractor to look at. */
export interface Said {
  position: number;
  speaker: string;
  role: 'person' | 'assistant';
  /** The text without code. */
  prose: string;
  pieces: Piece[];
  reading: Reading;
  /** It shows code in a fence. */
  hasCode: boolean;
}

export function readConversation(conversation: Conversation): Said[] {
  return conversation.messages.map((message) => {
    const prose = proseOf(message.text).replaceAll(/[’‘]/g, "'");
    return {
      position: message.position,
      speaker: message.speaker,
      role: message.role,
      prose,
      pieces: splitPieces(prose),
      reading: readMessage(prose),
      hasCode: /^\s*(?:```|~~~)/m.test(message.text),
    };
  });
}

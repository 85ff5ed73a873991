import { createHash, type Hash } from 'node:crypto';
import type { Conversation } from '#src/ports/conversation.ts';

/** Each field carries its length in bytes, so that no two different lists of fields read the same. */
function addField(hash: Hash, value: string | null): void {
  if (value === null) {
    hash.update('-;');
    return;
  }
  const bytes = Buffer.from(value, 'utf8');
  hash.update(`${bytes.byteLength}:`).update(bytes).update(';');
}

/**
 * sha256 in hex over position, speaker, role, time and text of every message: what the ledger pins a conversation by.
 * Title, id and what was skipped do not count.
 */
export function hashConversation(conversation: Pick<Conversation, 'messages'>): string {
  const hash = createHash('sha256');
  addField(hash, String(conversation.messages.length));
  for (const message of conversation.messages) {
    addField(hash, String(message.position));
    addField(hash, message.speaker);
    addField(hash, message.role);
    addField(hash, message.at);
    addField(hash, message.text);
  }
  return hash.digest('hex');
}

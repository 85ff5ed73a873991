import { createHash } from 'node:crypto';
import { normalise } from '#src/inception/tokens.ts';

/** A short stable key: the same conversation, message and words give the same key next time. */
export function createKey(prefix: string, conversationId: string, position: number, text: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([conversationId, position, normalise(text)]))
    .digest('hex');
  return `${prefix}-${hash.slice(0, 12)}`;
}

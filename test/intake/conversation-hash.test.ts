import { describe, expect, it } from 'vitest';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';

const base: ConversationMessage = {
  position: 0,
  speaker: 'Ana',
  role: 'person',
  at: null,
  text: 'Hello',
  originId: 'm1',
};
const hash = (...messages: ConversationMessage[]) => hashConversation({ messages });

describe('hashConversation', () => {
  it('is sha256 over length-prefixed fields: this value must never change, ledgers hold it', () => {
    expect(hash(base)).toBe('e61c82a470fbbf422ba3fa5c6884f39b152b6bc1850f3d60c9784cf1a9ab2f42');
  });

  it('does not look at the ids of the origin', () => {
    expect(hash({ ...base, originId: null })).toBe(hash(base));
  });

  it.each([
    ['position', { position: 1 }],
    ['speaker', { speaker: 'Bob' }],
    ['role', { role: 'assistant' as const }],
    ['time', { at: '2026-03-01T09:00:00.000Z' }],
    ['text', { text: 'Hello ' }],
  ])('changes with the %s', (_field, change) => {
    expect(hash({ ...base, ...change })).not.toBe(hash(base));
  });

  it('tells apart what only moves between fields', () => {
    expect(hash({ ...base, speaker: 'An', text: 'aHello' })).not.toBe(hash(base));
    expect(hash({ ...base, at: '-' })).not.toBe(hash(base));
    expect(hash(base, base)).not.toBe(hash(base));
  });
});

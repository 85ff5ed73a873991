import { cleanLine, cleanText } from '#src/safety/clean-text.ts';
import { hashConversation } from './conversation-hash.ts';
import type { Conversation, ConversationMessage, ConversationSource } from '#src/ports/conversation.ts';
import { createSkipTally, type SkipTally } from './skip-tally.ts';

/** A conversation while an importer fills it: cleans what comes in, numbers what is kept, counts what is not. */
export interface ConversationDraft {
  readonly skipped: SkipTally;
  /** True when the message was kept; false when nothing was left of its text (the caller says why in `skipped`). */
  add(message: Omit<ConversationMessage, 'position'>): boolean;
  finish(facts: { id: unknown; title: unknown }): Conversation;
}

const MAX_ID_LENGTH = 200;

export function draftConversation(
  source: ConversationSource,
  options: { keepEmpty?: boolean } = {},
): ConversationDraft {
  const messages: ConversationMessage[] = [];
  const skipped = createSkipTally();
  return {
    skipped,
    add(message) {
      const text = cleanText(message.text).trim();
      if (text === '' && options.keepEmpty !== true) return false;
      messages.push({
        position: messages.length,
        speaker: cleanLine(message.speaker, 80) || 'Unknown speaker',
        role: message.role,
        at: message.at,
        text,
        originId: originIdOf(message.originId),
      });
      return true;
    },
    finish(facts) {
      const id = originIdOf(facts.id) ?? `sha256-${hashConversation({ messages }).slice(0, 16)}`;
      const title = typeof facts.title === 'string' ? cleanLine(facts.title) : '';
      return { id, title: title || 'Untitled conversation', source, messages, skipped: skipped.list() };
    },
  };
}

/** The origin's id where it can serve as one: one line, not blank, of sane length. */
function originIdOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  const id = cleanLine(value, MAX_ID_LENGTH + 1);
  return id === '' || id.length > MAX_ID_LENGTH ? null : id;
}

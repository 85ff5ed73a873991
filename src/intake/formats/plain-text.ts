import { draftConversation } from '../draft-conversation.ts';
import type { ConversationSource } from '#src/ports/conversation.ts';
import { firstHeadingTitle } from '../markdown-heading.ts';
import type { ReadConversation, TextFormat } from './format.ts';

/** A text that names no speakers is one message by the person who brought it. */
function oneMessage(source: ConversationSource, text: string, title: string): ReadConversation {
  const draft = draftConversation(source);
  draft.add({ speaker: 'You', role: 'person', at: null, text, originId: null });
  return { conversation: draft.finish({ id: null, title }), problems: [] };
}

const marks =
  /^#{1,6}[ \t]+\S|^ {0,3}(?:```|~~~)|\[[^\][\n]{1,200}\]\([^()\n]{1,400}\)|\*\*[^*\n]{1,200}\*\*|^[-*+][ \t]+\[[ x]\]/m;
/** Whether a text is Markdown shows near its start. */
const MARKS_WITHIN_CHARACTERS = 65_536;

export const markdown: TextFormat = {
  kind: 'text',
  name: 'Markdown',
  recognises: (text) => marks.test(text.slice(0, MARKS_WITHIN_CHARACTERS)),
  read: (text, title) => oneMessage('markdown', text, firstHeadingTitle(text) ?? title),
};

export const plainText: TextFormat = {
  kind: 'text',
  name: 'plain text',
  recognises: () => true,
  read: (text, title) => oneMessage('text', text, title),
};

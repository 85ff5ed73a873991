import { readContent, reasonToDrop } from '../chatgpt/message-content.ts';
import { walkConversation } from '../chatgpt/conversation-path.ts';
import { draftConversation, type ConversationDraft } from '../draft-conversation.ts';
import { instantOf, isRecord, recordOf, textOf, type JsonRecord } from '../json-shape.ts';
import { type JsonFormat, UnreadableEntry } from './format.ts';

function addMessage(draft: ConversationDraft, message: JsonRecord): void {
  const drop = reasonToDrop(message);
  if (drop !== null) {
    draft.skipped.add(drop);
    return;
  }
  const { text, left } = readContent(message.content);
  for (const kind of left) draft.skipped.add(kind);
  const isAssistant = recordOf(message.author).role === 'assistant';
  const kept = draft.add({
    speaker: isAssistant ? 'ChatGPT' : 'You',
    role: isAssistant ? 'assistant' : 'person',
    at: instantOf(message.create_time),
    text,
    originId: textOf(message.id),
  });
  if (!kept && left.length === 0) draft.skipped.add('empty');
}

/** ChatGPT's data export, old (one `conversations.json`) and 2026 (shards; nodes without `children`). */
export const chatgpt: JsonFormat = {
  kind: 'json',
  name: 'ChatGPT',
  recognises: (value) => isRecord(value) && isRecord(value.mapping),
  read(value) {
    const conversation = recordOf(value);
    const mapping = recordOf(conversation.mapping);
    if (Object.keys(mapping).length === 0) throw new UnreadableEntry('It holds no messages.');
    const walk = walkConversation(mapping, conversation.current_node);
    const draft = draftConversation('chatgpt');
    for (const node of walk.path) {
      if (node.message !== null) addMessage(draft, node.message);
    }
    draft.skipped.add('missing', walk.blankNodes);
    draft.skipped.add('other-branch', walk.otherMessages);
    const id = textOf(conversation.conversation_id) ?? textOf(conversation.id);
    return { conversation: draft.finish({ id, title: conversation.title }), problems: walk.problems };
  },
};

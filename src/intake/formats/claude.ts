import { draftConversation, type ConversationDraft } from '../draft-conversation.ts';
import { fencedText } from '../fenced-text.ts';
import { instantOf, isRecord, listOf, recordOf, textOf, type JsonRecord } from '../json-shape.ts';
import type { SkipKind } from '../skip-tally.ts';
import { type JsonFormat, UnreadableEntry } from './format.ts';

/** What the first message of a conversation names as its parent. */
const ROOT_PARENT = '00000000-0000-4000-8000-000000000000';

/** What Claude's export writes into `text` for each block that it cannot show there (33 of 224 messages measured). */
const placeholder = /(?:^|\n)(?:```\n)?This block is not supported on your current device yet\.(?:\n```)?(?=\n|$)/g;

const skippedBlocks: Readonly<Record<string, SkipKind>> = {
  thinking: 'thoughts',
  redacted_thinking: 'thoughts',
  tool_use: 'tool-call',
  tool_result: 'tool',
  token_budget: 'bookkeeping',
  image: 'image',
};

/** A long paste becomes an attachment with one of these endings, or none: it is something that the person said. */
const saidByPerson = /^[^.]*$|\.(txt|md|markdown)$/i;

function readBlocks(message: JsonRecord, draft: ConversationDraft): { texts: string[]; left: number } {
  const blocks = listOf(message.content);
  if (blocks.length === 0) {
    const flat = typeof message.text === 'string' ? message.text.replace(placeholder, '') : '';
    return { texts: [flat], left: 0 };
  }
  const texts: string[] = [];
  let left = 0;
  for (const block of blocks) {
    const shape = recordOf(block);
    if (shape.type === 'text') {
      if (typeof shape.text === 'string') texts.push(shape.text);
      continue;
    }
    left += 1;
    const kind = skippedBlocks[String(shape.type)] ?? 'unknown-part';
    draft.skipped.add(kind === 'tool-call' && shape.name === 'artifacts' ? 'artifact' : kind);
  }
  return { texts, left };
}

function readAttachments(message: JsonRecord, draft: ConversationDraft): { texts: string[]; left: number } {
  const texts: string[] = [];
  const named = new Set<string>();
  for (const entry of [...listOf(message.attachments), ...listOf(message.files)]) {
    const attachment = recordOf(entry);
    const name = textOf(attachment.file_name) ?? '';
    const content = textOf(attachment.extracted_content);
    if (content !== null) {
      // Code that a person shows is not code that they ask to be put anywhere, so its fence names no path.
      texts.push(
        saidByPerson.test(name) ? content : `Attached file ${name}.\n\nIts text is:\n\n${fencedText(content, '')}`,
      );
    }
    // The same upload stands in both lists; it is one file to the person.
    else if (!named.has(name)) draft.skipped.add('file');
    named.add(name);
  }
  return { texts, left: named.size };
}

function addMessage(draft: ConversationDraft, message: JsonRecord): void {
  if (message.sender !== 'human' && message.sender !== 'assistant') {
    draft.skipped.add('unknown-author');
    return;
  }
  const isAssistant = message.sender === 'assistant';
  const said = readBlocks(message, draft);
  const attached = readAttachments(message, draft);
  const kept = draft.add({
    speaker: isAssistant ? 'Claude' : 'You',
    role: isAssistant ? 'assistant' : 'person',
    at: instantOf(message.created_at),
    text: [...said.texts, ...attached.texts].filter((text) => text.trim() !== '').join('\n\n'),
    originId: textOf(message.uuid),
  });
  if (!kept && said.left === 0 && attached.left === 0) draft.skipped.add('empty');
}

/** Sorts as text does; blank where the export gives no time. */
function timeOf(message: JsonRecord): string {
  return instantOf(message.created_at) ?? '';
}

/**
 * The messages on the way to the newest leaf. Branches lie in one flat list and are told apart by
 * `parent_message_uuid`; the 2024 export has no such field and is in order already.
 */
function newestPath(messages: readonly JsonRecord[]): { path: JsonRecord[]; problems: string[] } {
  if (!messages.some((message) => 'parent_message_uuid' in message)) return { path: [...messages], problems: [] };
  const byId = new Map<string, JsonRecord>();
  for (const message of messages) {
    const id = textOf(message.uuid);
    if (id !== null) byId.set(id, message);
  }
  const parents = new Set(messages.map((message) => message.parent_message_uuid));
  const leaves = messages.filter((message) => !parents.has(message.uuid));
  let newest: JsonRecord | undefined;
  for (const leaf of leaves.length > 0 ? leaves : messages) {
    if (newest === undefined || timeOf(leaf) >= timeOf(newest)) newest = leaf;
  }
  const path: JsonRecord[] = [];
  const visited = new Set<JsonRecord>();
  const problems: string[] = [];
  for (let message = newest; message !== undefined; ) {
    visited.add(message);
    path.push(message);
    const parentId = textOf(message.parent_message_uuid);
    if (parentId === null || parentId === ROOT_PARENT) break;
    message = byId.get(parentId);
    if (message === undefined) {
      problems.push('A message names an earlier one that is not in the file; what came before it is missing.');
    } else if (visited.has(message)) {
      problems.push('Its messages follow each other in a circle; the circle was cut and each message kept once.');
      break;
    }
  }
  return { path: path.reverse(), problems };
}

/** Claude's data export, 2024 (text only) to 2026 (content blocks, branches). */
export const claude: JsonFormat = {
  kind: 'json',
  name: 'Claude',
  recognises: (value) => isRecord(value) && Array.isArray(value.chat_messages),
  read(value) {
    const conversation = recordOf(value);
    const entries = listOf(conversation.chat_messages);
    if (entries.length === 0) throw new UnreadableEntry('It holds no messages.');
    const messages = entries.filter(isRecord);
    const { path, problems } = newestPath(messages);
    const draft = draftConversation('claude');
    for (const message of path) addMessage(draft, message);
    draft.skipped.add('missing', entries.length - messages.length);
    draft.skipped.add('other-branch', messages.length - path.length);
    return { conversation: draft.finish({ id: conversation.uuid, title: conversation.name }), problems };
  },
};

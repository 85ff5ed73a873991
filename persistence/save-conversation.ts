import { FactoryError } from '#src/errors.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import type { EntityManager } from './orm.ts';
import { readMessages } from './conversation-store.ts';
import { runSql } from './sql.ts';

/** Messages in one INSERT statement. */
const MESSAGE_BATCH = 1_000;

/**
 * Keeps a conversation with all its messages. Messages that are there already stay; from the first that differs on,
 * they are replaced. Throws FactoryError `conversation-elsewhere` when another project has it.
 */
export async function saveConversation(em: EntityManager, conversation: KeptConversation): Promise<void> {
  const { id, projectId, fileHash, messages } = conversation;
  const contentHash = hashConversation(conversation);
  // Written first: whoever saves the same conversation waits here.
  const kept = await runSql(
    em,
    `INSERT INTO conversations (id, project_id, title, source, file_hash, message_count, content_hash, skipped)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, source = excluded.source, file_hash = excluded.file_hash,
       message_count = excluded.message_count, content_hash = excluded.content_hash, skipped = excluded.skipped,
       forgotten_at = NULL
     WHERE conversations.project_id = excluded.project_id
     RETURNING id`,
    [
      id,
      projectId,
      conversation.title,
      conversation.source,
      fileHash,
      messages.length,
      contentHash,
      JSON.stringify(conversation.skipped),
    ],
  );
  if (kept.length === 0) {
    throw new FactoryError(
      'conversation-elsewhere',
      `The conversation "${conversation.title}" belongs to another project.`,
      {
        fix: 'Go on with it in that project, or import it under other data with WORKBENCH_DATA.',
      },
    );
  }
  if (fileHash !== null) {
    await runSql(
      em,
      'INSERT INTO imports (file_hash, conversation_id, project_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [fileHash, id, projectId],
    );
  }
  await replaceMessages(em, id, messages);
}

async function replaceMessages(em: EntityManager, id: string, messages: readonly ConversationMessage[]): Promise<void> {
  const there = await readMessages(em, id);
  const firstDifferent = messages.findIndex((message, index) => !isSameMessage(message, there[index]));
  const from = firstDifferent === -1 ? messages.length : firstDifferent;
  await runSql(em, 'DELETE FROM messages WHERE conversation_id = $1 AND position >= $2', [id, from]);
  for (let start = from; start < messages.length; start += MESSAGE_BATCH) {
    await insertMessages(em, id, messages.slice(start, start + MESSAGE_BATCH));
  }
}

async function insertMessages(em: EntityManager, id: string, messages: readonly ConversationMessage[]): Promise<void> {
  await runSql(
    em,
    `INSERT INTO messages (conversation_id, position, speaker, role, at, text, origin_id)
     SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
    [
      id,
      messages.map(({ position }) => position),
      messages.map(({ speaker }) => speaker),
      messages.map(({ role }) => role),
      messages.map(({ at }) => at),
      messages.map(({ text }) => text),
      messages.map(({ originId }) => originId),
    ],
  );
}

function isSameMessage(message: ConversationMessage, other: ConversationMessage | undefined): boolean {
  return (
    other !== undefined &&
    message.position === other.position &&
    message.speaker === other.speaker &&
    message.role === other.role &&
    message.at === other.at &&
    message.text === other.text &&
    message.originId === other.originId
  );
}

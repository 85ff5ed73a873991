import type { ConversationMessage } from '#src/ports/conversation.ts';
import type { ConversationStore, KeptConversation } from '#src/ports/unit-of-work.ts';
import { isoOfDatabase } from './column-types.ts';
import { forgetConversation } from './forget.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

/** Messages in one SELECT statement: keeps the driver's buffers small. */
const MESSAGE_PAGE = 5_000;

export function createConversationStore(em: () => EntityManager): ConversationStore {
  return {
    async get(id) {
      const [kept] = await runSql<Omit<KeptConversation, 'messages'>>(
        em(),
        `SELECT id, title, source, skipped, project_id AS "projectId", file_hash AS "fileHash"
         FROM conversations WHERE id = $1`,
        [id],
      );
      return kept === undefined ? null : { ...kept, messages: await readMessages(em(), id) };
    },
    async findByFile(fileHash) {
      return runSql(
        em(),
        `SELECT conversations.id, title, conversations.project_id AS "projectId" FROM imports
         JOIN conversations ON conversations.id = imports.conversation_id
         WHERE imports.file_hash = $1 ORDER BY conversations.created_at, conversations.id`,
        [fileHash],
      );
    },
    async list(projectId) {
      const rows = await runSql<{ id: string; title: string; source: string; messageCount: number; createdAt: string }>(
        em(),
        `SELECT id, title, source, message_count AS "messageCount", created_at::text AS "createdAt" FROM conversations
         WHERE project_id = $1 ORDER BY conversations.created_at, id`,
        [projectId],
      );
      return rows.map((row) => ({ ...row, createdAt: isoOfDatabase(row.createdAt) }));
    },
    forget: (id) => forgetConversation(em(), id),
  };
}

export async function readMessages(em: EntityManager, conversationId: string): Promise<ConversationMessage[]> {
  const messages: ConversationMessage[] = [];
  for (;;) {
    const page = await runSql<ConversationMessage>(
      em,
      `SELECT position, speaker, role, at, text, origin_id AS "originId" FROM messages
       WHERE conversation_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [conversationId, messages.at(-1)?.position ?? -1, MESSAGE_PAGE],
    );
    for (const message of page) messages.push(message);
    if (page.length < MESSAGE_PAGE) return messages;
  }
}

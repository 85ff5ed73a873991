import type { Card } from '#src/ports/chat.ts';
import { eraseArtifacts } from './artifact-store.ts';
import { toFactoryError } from './database-error.ts';
import type { EntityManager } from './orm.ts';
import { reproject } from './reproject.ts';
import { routePosts } from './route-post.ts';
import { runSql } from './sql.ts';

/** What stands in place of a card whose words were erased. */
const erasedCard: Card = {
  kind: 'notice',
  lead: 'The words here were erased.',
  tone: 'plain',
  blocks: [],
  actions: [],
  outcome: null,
};

/** How often it is tried while others append. */
const MAX_TRIES = 5;

/**
 * Erases the words of a conversation: the text and speakers of its messages and its title; the content of every
 * artifact that an event of the conversation, of one of its tasks or of their sprints names, and of those named inside
 * them (a packet names its diff); the rows made from these; the posts in its thread and in its tasks' threads. Ids, counts and hashes
 * stay, and the ledger's chain with them. An artifact that an event of something else names too is kept.
 */
export async function forgetConversation(em: EntityManager, id: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await em.transactional((inside) => erase(inside, id));
      return;
    } catch (error) {
      const reason = toFactoryError(error);
      const again = tries < MAX_TRIES && reason instanceof Error && 'retryable' in reason && reason.retryable === true;
      if (!again) throw reason;
    }
  }
}

async function erase(em: EntityManager, id: string): Promise<void> {
  const gone = await artifactsOf(em, id);
  await runSql(em, "UPDATE conversations SET title = 'Erased', skipped = '[]', forgotten_at = now() WHERE id = $1", [
    id,
  ]);
  await runSql(em, "UPDATE messages SET text = '', speaker = '', origin_id = NULL WHERE conversation_id = $1", [id]);
  await runSql(
    em,
    `UPDATE chat_posts SET card = $2::jsonb, mentions = '[]', version = version + 1, edited_at = now()
     WHERE (thread_kind = 'idea' AND thread_id = $1)
        OR (key LIKE 'sprint-plan:%' AND strpos(card::text, $1) > 0)
        OR (thread_kind = 'task' AND thread_id IN (SELECT id FROM story_tasks WHERE conversation_id = $1))`,
    [id, JSON.stringify(erasedCard)],
  );
  await routePosts(
    em,
    `(post.thread_kind = 'idea' AND post.thread_id = $1
       OR post.key LIKE 'sprint-plan:%' AND post.edited_at IS NOT NULL
       OR post.thread_kind = 'task' AND post.thread_id IN (SELECT id FROM story_tasks WHERE conversation_id = $1))`,
    [id],
  );
  await reproject(em, { gone: new Set(gone) });
  await eraseArtifacts(em, gone);
}

/**
 * An event is of the conversation when its body or its stream names it, when it is of one of its tasks, or when it
 * names the goal of a sprint that one of them was ever committed to: a goal is made of the stories' words. So is a look back
 * on a week that names one of them. Bodies are
 * searched as text, because PostgreSQL refuses to read some that are valid JSON (half a surrogate pair); a key with its
 * quotes cannot stand inside of a string there.
 */
const isOfConversation = `(strpos(body, $2) > 0 OR substr(stream, strpos(stream, ':') + 1) = $1
  OR task_id IN (SELECT id FROM story_tasks WHERE conversation_id = $1)
  OR (type IN ('sprint.started', 'sprint.goal-changed') AND substr(stream, strpos(stream, ':') + 1)
    IN (SELECT sprint_id FROM story_tasks WHERE conversation_id = $1 UNION ALL
      SELECT substring(body FROM '"sprintId":"([^"]*)"') FROM ledger
        WHERE type IN ('story.committed', 'revert.committed') AND strpos(body, $2) > 0))
  OR (type = 'retrospective.held'
    AND EXISTS (SELECT FROM story_tasks WHERE conversation_id = $1 AND strpos(body, story_tasks.id) > 0)))`;

async function artifactsOf(em: EntityManager, id: string): Promise<string[]> {
  const parameters = [id, `"conversationId":${JSON.stringify(id)}`];
  const own = await runSql<{ artifact: string | null; body: string }>(
    em,
    `SELECT artifact, body FROM ledger WHERE ${isOfConversation}`,
    parameters,
  );
  const others = await runSql<{ artifact: string }>(
    em,
    `SELECT DISTINCT artifact FROM ledger WHERE artifact IS NOT NULL AND ${isOfConversation} IS NOT TRUE`,
    parameters,
  );
  const kept = new Set(others.map(({ artifact }) => artifact));
  const found = new Set<string>();
  let names = own.flatMap(({ artifact, body }) => [...(artifact === null ? [] : [artifact]), ...hashesIn(body)]);
  while (names.length > 0) {
    const contents = await runSql<{ hash: string; content: string | null }>(
      em,
      'SELECT hash, content FROM artifacts WHERE hash = ANY ($1)',
      [[...new Set(names)].filter((hash) => !kept.has(hash) && !found.has(hash))],
    );
    for (const { hash } of contents) found.add(hash);
    names = contents.flatMap(({ content }) => hashesIn(content ?? ''));
  }
  return [...found];
}

function hashesIn(text: string): string[] {
  return text.match(/\b[0-9a-f]{64}\b/g) ?? [];
}

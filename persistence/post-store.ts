import { FactoryError } from '#src/errors.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import { storableText } from '#src/ledger/storable.ts';
import type { Post, PostDraft, PostStore, ThreadRef } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { isoOfDatabase } from './column-types.ts';
import { toFactoryError } from './database-error.ts';
import type { EntityManager, Orm } from './orm.ts';
import { remindOf } from './remind-of.ts';
import { routePosts } from './route-post.ts';
import { runSql } from './sql.ts';

export interface PostRow extends Omit<Post, 'thread'> {
  threadKind: ThreadRef['kind'];
  threadId: string;
}

/** The columns of a PostRow, of the table under this name. */
export const postColumns = (table: string): string =>
  `${table}.id, ${table}.key, ${table}.thread_kind AS "threadKind", ${table}.thread_id AS "threadId", ${table}.author,
   ${table}.card, ${table}.mentions, ${table}.version, ${table}.posted_at::text AS "postedAt",
   ${table}.edited_at::text AS "editedAt"`;
const columns = postColumns('chat_posts');

/** Posts in PostgreSQL. Throws FactoryError `cursor-moved` (retryable) when another mirror was faster. */
export function createPostStore({ orm, clock, ids }: { orm: Orm; clock: Clock; ids: Ids }): PostStore {
  const em = () => orm.em.fork();

  async function insert(inside: EntityManager, draft: PostDraft): Promise<Post | null> {
    const [row] = await runSql<PostRow>(
      inside,
      `INSERT INTO chat_posts (id, key, thread_kind, thread_id, author, card, mentions, version, posted_at)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, 1, $8) ON CONFLICT (key) DO NOTHING RETURNING ${columns}`,
      [
        ids.next(),
        draft.key,
        draft.thread.kind,
        draft.thread.id,
        JSON.stringify(draft.author),
        JSON.stringify(draft.card),
        JSON.stringify(draft.mentions),
        clock.now().toISOString(),
      ],
    );
    if (row === undefined) return null;
    await remindOf(inside, row);
    return routed(inside, row);
  }

  async function edit(inside: EntityManager, draft: PostDraft): Promise<Post | null> {
    const [row] = await runSql<PostRow>(inside, `SELECT ${columns} FROM chat_posts WHERE key = $1 FOR UPDATE`, [
      draft.key,
    ]);
    if (row === undefined || canonicalJson(row.card) === canonicalJson(draft.card)) return null;
    const [edited] = await runSql<PostRow>(
      inside,
      `UPDATE chat_posts SET card = $2::jsonb, version = version + 1, edited_at = $3 WHERE key = $1 RETURNING ${columns}`,
      [draft.key, JSON.stringify(draft.card), clock.now().toISOString()],
    );
    return edited === undefined ? null : routed(inside, edited);
  }

  async function routed(inside: EntityManager, row: PostRow): Promise<Post> {
    await routePosts(inside, 'post.id = $1', [row.id]);
    return toPost(row);
  }

  return {
    async thread({ kind, id }) {
      const rows = await runSql<PostRow>(
        em(),
        `SELECT ${columns} FROM chat_posts WHERE thread_kind = $1 AND thread_id = $2 ORDER BY chat_posts."order"`,
        [kind, id],
      );
      return rows.map(toPost);
    },
    async get(postId) {
      const [row] = await runSql<PostRow>(em(), `SELECT ${columns} FROM chat_posts WHERE id = $1`, [postId]);
      return row === undefined ? null : toPost(row);
    },
    async mirrored(cursor, drafts) {
      try {
        return await em().transactional(async (inside) => {
          await moveCursor(inside, cursor);
          const changed: Post[] = [];
          for (const draft of drafts.map(storableDraft)) {
            const post = (await insert(inside, draft)) ?? (await edit(inside, draft));
            if (post !== null) changed.push(post);
          }
          return changed;
        });
      } catch (error) {
        throw toFactoryError(error);
      }
    },
    async cursor(name) {
      const [row] = await runSql<{ seq: string }>(em(), 'SELECT seq FROM mirror_cursors WHERE name = $1', [name]);
      return Number(row?.seq ?? 0);
    },
    async say(draft) {
      const post = await em().transactional((inside) => insert(inside, storableDraft(draft)));
      if (post !== null) return post;
      const [row] = await runSql<PostRow>(em(), `SELECT ${columns} FROM chat_posts WHERE key = $1`, [draft.key]);
      if (row === undefined) throw new Error(`post ${draft.key} was there and is not`);
      return toPost(row);
    },
    async rewrite(key, card) {
      return em().transactional(async (inside) => {
        const [row] = await runSql<PostRow>(inside, `SELECT ${columns} FROM chat_posts WHERE key = $1`, [key]);
        return row === undefined ? null : edit(inside, storableDraft({ ...toPost(row), card }));
      });
    },
  };
}

/** First in the transaction: a second mirror waits here, and then finds the cursor moved. */
async function moveCursor(em: EntityManager, cursor: { name: string; from: number; to: number }): Promise<void> {
  await runSql(em, 'INSERT INTO mirror_cursors (name, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING', [cursor.name]);
  const moved = await runSql(em, 'UPDATE mirror_cursors SET seq = $3 WHERE name = $1 AND seq = $2 RETURNING seq', [
    cursor.name,
    cursor.from,
    cursor.to,
  ]);
  if (moved.length === 1) return;
  throw new FactoryError('cursor-moved', `Another process has mirrored events after ${cursor.from} already.`, {
    fix: 'Nothing to do: it goes on from where the other one is.',
    retryable: true,
  });
}

export function toPost({ threadKind, threadId, postedAt, editedAt, ...row }: PostRow): Post {
  return {
    ...row,
    thread: { kind: threadKind, id: threadId },
    postedAt: isoOfDatabase(postedAt),
    editedAt: editedAt === null ? null : isoOfDatabase(editedAt),
  };
}

/** A check's output in a card may hold what no database text can. */
function storableDraft(draft: PostDraft): PostDraft {
  return JSON.parse(JSON.stringify(draft), (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  ) as PostDraft;
}

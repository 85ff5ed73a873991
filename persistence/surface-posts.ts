import type { Place, PlaceThread, SurfaceName } from '#src/ledger/place.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { DuePost, SurfacePosts } from '#src/ports/surface.ts';
import { isoOfDatabase } from './column-types.ts';
import type { Orm } from './orm.ts';
import { postColumns, type PostRow, toPost } from './post-store.ts';
import { runSql } from './sql.ts';

interface DueRow extends PostRow {
  team: string;
  channel: string;
  root: string | null;
  messageId: string | null;
  sentVersion: number;
  intendedAt: string | null;
}

/** The status card of a task: its other posts hang under it. */
const TASK_ROOT = "'status:' || post.thread_id";
const AT_PLACE = 'surface = $1 AND team = $2 AND channel = $3';

/** Deliveries to chat surfaces in PostgreSQL. */
export function createSurfacePosts({ orm, clock }: { orm: Orm; clock: Clock }): SurfacePosts {
  const em = () => orm.em.fork();
  const at = ({ surface, team, channel }: Place) => [surface, team, channel];

  return {
    async due(surface, limit, closed = []) {
      const rows = await runSql<DueRow>(
        em(),
        `SELECT ${postColumns('post')}, due.team, due.channel, due.message_id AS "messageId",
           due.sent_version AS "sentVersion", due.intended_at::text AS "intendedAt",
           CASE post.thread_kind
             WHEN 'idea' THEN (SELECT root FROM chat_threads WHERE conversation_id = post.thread_id)
             WHEN 'task' THEN first.message_id
           END AS root
         FROM surface_posts due
         JOIN chat_posts post ON post.id = due.post_id
         LEFT JOIN chat_posts head ON post.thread_kind = 'task' AND head.key = ${TASK_ROOT} AND head.id <> post.id
         LEFT JOIN surface_posts first ON first.post_id = head.id AND first.surface = due.surface
           AND first.team = due.team AND first.channel = due.channel
         WHERE due.surface = $1 AND due.due_version > due.sent_version AND due.due_version > due.left_out_version
           AND (post.thread_kind <> 'task' OR post.key = ${TASK_ROOT} OR first.message_id IS NOT NULL)
           AND due.channel <> ALL ($3)
         ORDER BY due.message_id IS NOT NULL, post.key = ${TASK_ROOT} AND post.thread_kind = 'task' DESC, due.id
         LIMIT $2`,
        [surface, limit, [...closed]],
      );
      return rows.map((row) => toDue(surface, row));
    },
    async intend(place, postId) {
      await runSql(em(), `UPDATE surface_posts SET intended_at = $5 WHERE ${AT_PLACE} AND post_id = $4`, [
        ...at(place),
        postId,
        clock.now().toISOString(),
      ]);
    },
    async sent(place, postId, { id, version }) {
      await runSql(
        em(),
        `UPDATE surface_posts SET message_id = $5, sent_version = greatest(sent_version, $6)
         WHERE ${AT_PLACE} AND post_id = $4`,
        [...at(place), postId, id, version],
      );
    },
    async leftOut(place, postId, version, reason) {
      await runSql(
        em(),
        `UPDATE surface_posts SET left_out_version = greatest(left_out_version, $5), left_out_reason = $6
         WHERE ${AT_PLACE} AND post_id = $4`,
        [...at(place), postId, version, reason],
      );
    },
    async postAt(place, messageId) {
      const [row] = await runSql<PostRow>(
        em(),
        `SELECT ${postColumns('post')} FROM surface_posts sent JOIN chat_posts post ON post.id = sent.post_id
         WHERE ${AT_PLACE} AND sent.message_id = $4`,
        [...at(place), messageId],
      );
      return row === undefined ? null : toPost(row);
    },
    async messageOf(surface, postId) {
      const [row] = await runSql<{ channel: string; messageId: string }>(
        em(),
        `SELECT channel, message_id AS "messageId" FROM surface_posts
         WHERE surface = $1 AND post_id = $2 AND message_id IS NOT NULL ORDER BY id LIMIT 1`,
        [surface, postId],
      );
      return row ?? null;
    },
    async rootOf(surface, { kind, id }) {
      const [row] = await runSql<Omit<PlaceThread, 'surface'>>(
        em(),
        `SELECT team, channel, root FROM chat_threads WHERE $2 = 'idea' AND surface = $1 AND conversation_id = $3
         UNION ALL
         SELECT sent.team, sent.channel, sent.message_id FROM chat_posts head
           JOIN surface_posts sent ON sent.post_id = head.id AND sent.surface = $1 AND sent.message_id IS NOT NULL
           WHERE $2 = 'task' AND head.key = 'status:' || $3`,
        [surface, kind, id],
      );
      return row === undefined ? null : { surface, ...row };
    },
  };
}

function toDue(
  surface: SurfaceName,
  { team, channel, root, messageId, sentVersion, intendedAt, ...row }: DueRow,
): DuePost {
  return {
    post: toPost(row),
    place: { surface, team, channel },
    root,
    sent: messageId === null ? null : { messageId, version: sentVersion },
    intendedAt: intendedAt === null ? null : isoOfDatabase(intendedAt),
  };
}

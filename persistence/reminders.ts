import type { Reminders } from '#src/ports/reminders.ts';
import { isoOfDatabase } from './column-types.ts';
import type { Orm } from './orm.ts';
import { postColumns, type PostRow, toPost } from './post-store.ts';
import { runSql } from './sql.ts';

interface OpenRow extends PostRow {
  said: number;
  snoozedUntil: string | null;
}

/** What people are reminded of, in PostgreSQL. */
export function createReminders({ orm }: { orm: Orm }): Reminders {
  const em = () => orm.em.fork();
  return {
    async open() {
      const rows = await runSql<OpenRow>(
        em(),
        `SELECT ${postColumns('post')}, ask.said, ask.snoozed_until::text AS "snoozedUntil"
         FROM reminders ask JOIN chat_posts post ON post.id = ask.post_id
         WHERE NOT ask.ended ORDER BY post."order"`,
      );
      return rows.map(({ said, snoozedUntil, ...row }) => ({
        post: toPost(row),
        said,
        snoozedUntil: snoozedUntil === null ? null : isoOfDatabase(snoozedUntil),
      }));
    },
    async said(postId, count) {
      await runSql(em(), 'UPDATE reminders SET said = $2, snoozed_until = NULL WHERE post_id = $1 AND said < $2', [
        postId,
        count,
      ]);
    },
    async snooze(postId, count, until) {
      await runSql(em(), 'UPDATE reminders SET said = $2, snoozed_until = $3 WHERE post_id = $1 AND said <= $2', [
        postId,
        count,
        until.toISOString(),
      ]);
    },
    async end(postId) {
      await runSql(em(), 'UPDATE reminders SET ended = true WHERE post_id = $1', [postId]);
    },
  };
}

import { silentSurfaces } from '#src/ledger/place.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

/**
 * Makes a post due in its present version in every place that its thread stands in: the conversation's own thread, that
 * of a task's conversation, and for a project's posts the channels that it worked in when the post was made. Runs in
 * the transaction that changed the post. A person's own words are not said again where they were said.
 */
export async function routePosts(em: EntityManager, where: string, parameters: readonly unknown[]): Promise<void> {
  await runSql(
    em,
    `INSERT INTO surface_posts (surface, team, channel, post_id, due_version)
     SELECT place.surface, place.team, place.channel, post.id, post.version FROM chat_posts post
     CROSS JOIN LATERAL (
       SELECT surface, team, channel FROM chat_threads
         WHERE post.thread_kind = 'idea' AND conversation_id = post.thread_id
       UNION ALL
       SELECT thread.surface, thread.team, thread.channel FROM story_tasks task
         JOIN chat_threads thread ON thread.conversation_id = task.conversation_id
         WHERE post.thread_kind = 'task' AND task.id = post.thread_id
       UNION ALL
       SELECT surface, team, channel FROM project_channels
         WHERE post.thread_kind = 'project' AND project_id = post.thread_id AND bound_at <= post.posted_at
     ) place
     WHERE ${where} AND place.surface <> ALL ($${parameters.length + 1}) AND post.key NOT LIKE 'said:' || place.surface || '/%'
     ON CONFLICT (surface, team, channel, post_id) DO UPDATE SET due_version = excluded.due_version`,
    [...parameters, [...silentSurfaces]],
  );
}

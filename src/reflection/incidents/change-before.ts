import type { EventBodies } from '#src/ledger/event-types.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';

/** A change that was merged before some trouble began. Nothing says that it is the cause. */
export type ChangeBefore = NonNullable<EventBodies['incident.opened']['after']>;

/** What was merged longer ago is not named. */
const BACK_MS = 7 * 86_400_000;
/** Merges that may have come after the trouble, and are passed over. */
const MAX_LATER = 200;

/** The change of a project that was merged last before a moment; null: none in the week before it. */
export async function changeBefore(
  tables: Pick<TableReader, 'find'>,
  projectId: string,
  at: string,
): Promise<ChangeBefore | null> {
  const options = { orderBy: '-endedAt', limit: MAX_LATER } as const;
  const merged = await tables.find('story_tasks', { projectId, state: 'merged' }, options);
  const earliest = new Date(Date.parse(at) - BACK_MS).toISOString();
  for (const task of merged) {
    const change = changeOf(task);
    if (change !== null && change.mergedAt <= at) return change.mergedAt < earliest ? null : change;
  }
  return null;
}

/** The change whose merge made this very commit; null: none of the factory's did. */
export async function changeAt(
  tables: Pick<TableReader, 'find'>,
  projectId: string,
  sha: string,
): Promise<ChangeBefore | null> {
  const [task] = await tables.find('story_tasks', { projectId, state: 'merged', mergedSha: sha }, { limit: 1 });
  return task === undefined ? null : changeOf(task);
}

function changeOf({ id, mergedSha, endedAt }: StoryTaskRow): ChangeBefore | null {
  return mergedSha === null || endedAt === null ? null : { taskId: id, sha: mergedSha, mergedAt: endedAt };
}

import { isEvent } from '#src/ledger/event.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

/** One merged task, as a release tells it. */
export interface ReleasedChange {
  number: number;
  title: string;
  /** null: its story or epic is not known any more. */
  epic: string | null;
  /** ISO 8601 UTC. */
  mergedAt: string;
  pullRequest: { number: number; url: string } | null;
  /** Whose approval merged it; null: nobody's, it was merged by hand. */
  approvedBy: string | null;
  /** Forge and account of whoever merged it by hand; null: the factory did, or the forge does not say. */
  mergedBy: string | null;
}

export interface MergedTask extends ReleasedChange {
  /** It was merged in the time, or after the tag, that was asked about. */
  isIn: boolean;
  /** It takes another one back. */
  isRevert: boolean;
  /** What took it back, and still stands; null: it stands itself. */
  revertedBy: { number: number; isIn: boolean } | null;
}

export interface ReleaseFacts {
  project: string;
  /** “since 2026-11-01”; null: from the beginning. */
  since: string | null;
  changes: readonly MergedTask[];
}

export interface Since {
  words: string;
  isIn(task: StoryTaskRow): boolean | Promise<boolean>;
}

/** All that was merged in a project. `since` null: all of it is in. */
export async function readRelease(
  { tables, ledger }: Pick<UnitOfWork, 'tables' | 'ledger'>,
  { id, name }: { id: string; name: string },
  since: Since | null,
): Promise<ReleaseFacts> {
  const tasks = await tables.find('story_tasks', { projectId: id, state: 'merged' }, { orderBy: 'number' });
  const inTime = new Map<string, boolean>();
  for (const task of tasks) inTime.set(task.id, since === null || (await since.isIn(task)));
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const changes: MergedTask[] = [];
  for (const task of tasks) {
    const by = task.revertedBy === null ? undefined : byId.get(task.revertedBy);
    changes.push({
      ...(await changeOf({ tables, ledger }, task)),
      isIn: inTime.get(task.id) === true,
      isRevert: task.reverts !== null,
      revertedBy: by === undefined ? null : { number: by.number, isIn: inTime.get(by.id) === true },
    });
  }
  return { project: name, since: since?.words ?? null, changes };
}

async function changeOf(
  { tables, ledger }: Pick<UnitOfWork, 'tables' | 'ledger'>,
  task: StoryTaskRow,
): Promise<ReleasedChange> {
  const { id: taskId, number, title, storyId, endedAt, updatedAt } = task;
  const story = await tables.get('stories', storyId);
  const epic = story === null ? null : await tables.get('epics', story.epicId);
  const [pullRequest] = await tables.find('pull_requests', { taskId }, { limit: 1 });
  const [approval] = await tables.find('approvals', { taskId, state: 'used' }, { limit: 1 });
  return {
    ...{ number, title, epic: epic?.title ?? null, mergedAt: endedAt ?? updatedAt },
    pullRequest: pullRequest === undefined ? null : { number: pullRequest.number, url: pullRequest.url },
    approvedBy: approval?.actor ?? null,
    mergedBy: approval === undefined ? await mergedByHand(ledger, taskId) : null,
  };
}

async function mergedByHand(ledger: UnitOfWork['ledger'], taskId: string): Promise<string | null> {
  const events = await ledger.stream(`task:${taskId}`);
  const merge = events.findLast((event) => isEvent(event, 'pull-request.merged-by-hand'));
  return merge === undefined ? null : merge.body.mergedBy;
}

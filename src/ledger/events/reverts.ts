import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { update } from '../rows.ts';
import type { RowChange } from '../rows.ts';
import { newTaskRows, taskBody } from './backlog.ts';

/**
 * The task that is taken back, the one that it had taken back itself, and so on to the story's own: taking back the
 * first brings the second back, takes the third back again, and so on.
 */
export const revertChain = z.array(z.strictObject({ taskId: z.string(), featureId: z.string() })).min(1);

interface OfStory {
  taskId: string;
  storyId: string;
  reverts?: z.infer<typeof revertChain> | undefined;
}

/** What becomes of a story whose task ended without a merge. A revert that came to nothing leaves it as it was. */
export function storyLeft({ storyId, reverts }: OfStory, status: 'proposed' | 'rejected'): RowChange[] {
  return reverts === undefined ? [update('stories', storyId, { status })] : [];
}

/** What becomes of a story whose task was merged. A revert takes every second task of its chain back; the others stand. */
export function storyMerged({ taskId, storyId, reverts }: OfStory): RowChange[] {
  if (reverts === undefined) return [update('stories', storyId, { status: 'done' })];
  const stands = (index: number): boolean => index % 2 === 1;
  return [
    update('stories', storyId, { status: stands(reverts.length - 1) ? 'done' : 'reverted' }),
    ...reverts.flatMap((one, index): RowChange[] => [
      update('features', one.featureId, { status: stands(index) ? 'done' : 'reverted' }),
      update('story_tasks', one.taskId, { revertedBy: stands(index) ? null : (reverts[index - 1]?.taskId ?? taskId) }),
    ]),
  ];
}

export const revertEvents = {
  /** A person wants a merged task taken back; the task that does so is named. It stands in the stream of the merged one. */
  'revert.opened': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), revertTaskId: z.string() }),
    rows: () => [],
  }),
  /** The first fact of a task that takes another one back. The artifact is its brief. */
  'revert.committed': defineEvent({
    version: 1,
    body: taskBody.extend({
      reverts: revertChain,
      /** What the first of these landed: the commit on the base branch, and the base and head that its review showed. */
      landed: z.strictObject({ mergedSha: z.string(), baseSha: z.string(), headSha: z.string() }),
    }),
    rows: ({ body, content, at }) => newTaskRows(body, content, at, body.reverts[0]?.taskId ?? null),
  }),
};

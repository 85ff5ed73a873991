import * as z from 'zod';
import { defineEvent, ERASED } from '../define-event.ts';
import { insert, update } from '../rows.ts';
import type { RowChange } from '../rows.ts';

/** What the projection reads of a task's brief (`src/backlog/task-brief.ts`). */
const briefContent = z.object({
  title: z.string(),
  criteria: z.array(z.object({ id: z.string(), text: z.string() })),
});

function goalIn(content: unknown): string {
  return z.object({ goal: z.string() }).safeParse(content).data?.goal ?? ERASED;
}

/** What is settled of a task when a person asks for it. */
export const taskBody = z.strictObject({
  taskId: z.string(),
  projectId: z.string(),
  conversationId: z.string(),
  storyId: z.string(),
  sprintId: z.string(),
  featureId: z.string(),
  repoId: z.string(),
  /** Counts within the project; stands in the branch name. */
  number: z.int().min(1),
  points: z.int(),
  dependsOn: z.array(z.string()),
  requester: z.string(),
});

/** The rows of a new task, with a feature of its own. `reverts`: the task that it takes back, if any. */
export function newTaskRows(
  body: z.infer<typeof taskBody>,
  content: unknown,
  at: string,
  reverts: string | null,
): RowChange[] {
  const brief = content === undefined ? null : briefContent.parse(content);
  const title = brief?.title ?? ERASED;
  return [
    insert('features', {
      id: body.featureId,
      storyId: body.storyId,
      projectId: body.projectId,
      title,
      status: 'committed',
    }),
    ...(brief?.criteria ?? []).map(({ id, text }) =>
      insert('feature_tests', {
        id: `${body.featureId}/${id}`,
        featureId: body.featureId,
        criterionId: id,
        text,
        state: 'unproven',
        test: null,
        headSha: null,
      }),
    ),
    insert('story_tasks', {
      id: body.taskId,
      projectId: body.projectId,
      conversationId: body.conversationId,
      storyId: body.storyId,
      sprintId: body.sprintId,
      repoId: body.repoId,
      number: body.number,
      title,
      points: body.points,
      dependsOn: body.dependsOn,
      requester: body.requester,
      state: 'ready',
      paused: false,
      assigneeAgent: 'tess',
      attempt: 1,
      runId: null,
      branch: null,
      headSha: null,
      mergedSha: null,
      reverts,
      revertedBy: null,
      waitingKind: null,
      waitingWho: null,
      waitingText: null,
      createdAt: at,
      updatedAt: at,
      endedAt: null,
    }),
  ];
}

export const backlogEvents = {
  'sprint.started': defineEvent({
    version: 1,
    /** The artifact is `{goal, sprintId}`: the goal is text. */
    body: z.strictObject({
      sprintId: z.string(),
      projectId: z.string(),
      number: z.int().min(1),
      startsAt: z.string(),
      endsAt: z.string(),
      /** Tasks of the sprint before that go on in this one. */
      carriedOver: z.array(z.string()).optional(),
    }),
    rows: ({ body, content }) => [
      insert('sprints', {
        id: body.sprintId,
        projectId: body.projectId,
        number: body.number,
        goal: goalIn(content),
        status: 'open',
        startsAt: body.startsAt,
        endsAt: body.endsAt,
        closedAt: null,
        points: null,
        donePoints: null,
      }),
      ...(body.carriedOver ?? []).map((taskId) => update('story_tasks', taskId, { sprintId: body.sprintId })),
    ],
  }),
  'sprint.goal-changed': defineEvent({
    version: 1,
    /** The artifact is as that of `sprint.started`. */
    body: z.strictObject({ sprintId: z.string() }),
    rows: ({ body, content }) => [update('sprints', body.sprintId, { goal: goalIn(content) })],
  }),
  /** A person ended a sprint. What had not ended stays with it until the next one starts. */
  'sprint.closed': defineEvent({
    version: 1,
    body: z.strictObject({
      sprintId: z.string(),
      /** Of all tasks that count, stopped and rejected ones left out. */
      points: z.int().optional(),
      /** Of those that were merged: what the sprint counts to the team's velocity. */
      donePoints: z.int().optional(),
      /** Tasks that go on. */
      unfinished: z.array(z.string()).optional(),
    }),
    rows: ({ body, at }) => [
      update('sprints', body.sprintId, {
        status: 'closed',
        closedAt: at,
        points: body.points ?? null,
        donePoints: body.donePoints ?? null,
      }),
    ],
  }),
  /** A person committed a story to a sprint: its one task exists from here on. The artifact is the task's brief. */
  'story.committed': defineEvent({
    version: 1,
    body: taskBody.extend({
      /** What let it begin by itself; absent: a person committed it. */
      begunBy: z.literal('label').optional(),
    }),
    rows: ({ body, content, at }) => [
      update('stories', body.storyId, { status: 'committed' }),
      ...newTaskRows(body, content, at, null),
    ],
  }),
};

import * as z from 'zod';
import { defineEvent, ERASED } from '../define-event.ts';
import { insert, update } from '../rows.ts';
import type { RowChange, StoryTaskRow } from '../rows.ts';
import { revertChain, storyLeft } from './reverts.ts';

/** One step as it went: who, when, how long. `startedAt` ISO 8601 UTC. */
export const stepTiming = z.strictObject({ startedAt: z.string(), durationMs: z.number() });

const ofTask = z.strictObject({ taskId: z.string(), runId: z.string(), attempt: z.int().min(1), timing: stepTiming });
type OfTask = z.infer<typeof ofTask>;

/** The task's row after a step: new state, next holder, nothing awaited. */
export function taskMoved(taskId: string, at: string, set: Partial<StoryTaskRow>): RowChange {
  return update('story_tasks', taskId, {
    waitingKind: null,
    waitingWho: null,
    waitingText: null,
    updatedAt: at,
    ...set,
  });
}

/** The `task_runs` row of a finished step. */
export function stepRow(
  body: OfTask,
  at: string,
  step: string,
  agent: string,
  result: string,
  artifact: string | null,
): RowChange {
  return insert('task_runs', {
    id: `${body.runId}/${body.attempt}/${step}/${body.timing.startedAt}`,
    runId: body.runId,
    taskId: body.taskId,
    step,
    agent,
    attempt: body.attempt,
    startedAt: body.timing.startedAt,
    endedAt: at,
    durationMs: body.timing.durationMs,
    result,
    artifact,
  });
}

const commitsContent = z.object({ commits: z.array(z.object({ sha: z.string(), title: z.string() })) });
const checkRow = z.strictObject({
  name: z.string(),
  exitCode: z.int().nullable(),
  durationMs: z.number(),
  passed: z.int().nullable(),
  failed: z.int().nullable(),
});

/** Checks that a step ran; the commands' text stays in the artifact of the report. */
export const checkRuns = z.strictObject({
  phase: z.enum(['baseline', 'head', 'merge-result', 'forge']),
  sha: z.string(),
  runs: z.array(checkRow),
});

export function qaRows(body: OfTask, checks: z.infer<typeof checkRuns>): RowChange[] {
  return checks.runs.map((run) =>
    insert('qa_runs', {
      id: `${body.runId}/${body.attempt}/${checks.phase}/${checks.sha}/${run.name}/${body.timing.startedAt}`,
      taskId: body.taskId,
      runId: body.runId,
      attempt: body.attempt,
      phase: checks.phase,
      sha: checks.sha,
      check: run.name,
      command: run.name,
      exitCode: run.exitCode,
      durationMs: run.durationMs,
      passed: run.passed,
      failed: run.failed,
    }),
  );
}

/** An approval that is void because of what happened; nothing where there was none. */
export function voidedApproval(approvalId: string | null, reason: string): RowChange[] {
  return approvalId === null ? [] : [update('approvals', approvalId, { state: 'voided', reason })];
}

/** Why a task is blocked: a BlockerPacket says it; a verdict that used up the attempts says it by its first finding. */
function reasonOf(content: unknown): string {
  const blocker = z.object({ reason: z.string() }).safeParse(content);
  if (blocker.success) return blocker.data.reason;
  const verdict = z.object({ findings: z.array(z.object({ text: z.string() })) }).safeParse(content);
  if (!verdict.success) return ERASED;
  return `Three attempts failed their checks: ${verdict.data.findings[0]?.text ?? 'see the verdict'}`;
}

export const codeFactoryEvents = {
  /** A worker took the task up. Results under an older fence are refused from here on. */
  'pass.started': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), fence: z.int().min(1) }),
    rows: () => [],
  }),
  'task.claimed': defineEvent({
    version: 1,
    body: ofTask.extend({ runNumber: z.int().min(1) }),
    rows: ({ body, at }) => [
      insert('work_runs', {
        id: body.runId,
        taskId: body.taskId,
        number: body.runNumber,
        startedAt: at,
        endedAt: null,
        outcome: null,
      }),
      taskMoved(body.taskId, at, { state: 'claimed', assigneeAgent: 'tess', runId: body.runId, attempt: 1 }),
      stepRow(body, at, 'claim', 'tess', 'done', null),
    ],
  }),
  'branch.created': defineEvent({
    version: 1,
    body: ofTask.extend({ branchId: z.string(), repoId: z.string(), name: z.string(), baseSha: z.string() }),
    rows: ({ body, at }) => [
      insert('git_branches', {
        id: body.branchId,
        repoId: body.repoId,
        taskId: body.taskId,
        name: body.name,
        baseSha: body.baseSha,
        headSha: body.baseSha,
        createdAt: at,
      }),
      taskMoved(body.taskId, at, { state: 'branched', branch: body.name, headSha: body.baseSha }),
      stepRow(body, at, 'branch', 'tess', 'done', null),
    ],
  }),
  'assignment.dispatched': defineEvent({
    version: 1,
    body: ofTask,
    rows: ({ body, at, artifact }) => [
      taskMoved(body.taskId, at, { state: 'assigned', assigneeAgent: 'piper' }),
      stepRow(body, at, 'assign', 'tess', 'done', artifact),
    ],
  }),
  'scope.clarified': defineEvent({
    version: 1,
    body: ofTask,
    rows: ({ body, at, artifact }) => [
      taskMoved(body.taskId, at, { state: 'scoped', assigneeAgent: 'mason' }),
      stepRow(body, at, 'scope', 'piper', 'done', artifact),
    ],
  }),
  'plan.generated': defineEvent({
    version: 1,
    body: ofTask,
    rows: ({ body, at, artifact }) => [
      taskMoved(body.taskId, at, { state: 'planned', assigneeAgent: 'vera' }),
      stepRow(body, at, 'plan', 'mason', 'done', artifact),
    ],
  }),
  'behaviour.locked': defineEvent({
    version: 1,
    body: ofTask.extend({
      testsSha: z.string().nullable(),
      redOnBase: z.boolean().nullable(),
      baseline: checkRuns.nullable(),
    }),
    rows: ({ body, at, artifact }) => [
      taskMoved(body.taskId, at, { state: 'locked', assigneeAgent: 'ollan' }),
      stepRow(body, at, 'lock', 'vera', 'done', artifact),
      ...(body.baseline === null ? [] : qaRows(body, body.baseline)),
    ],
  }),
  /** The artifact is the BuildResultPacket. */
  'code.generated': defineEvent({
    version: 1,
    body: ofTask.extend({ branchId: z.string(), headSha: z.string() }),
    rows: ({ body, at, artifact, content }) => [
      update('git_branches', body.branchId, { headSha: body.headSha }),
      ...(commitsContent.safeParse(content).data?.commits ?? []).map(({ sha, title }) =>
        insert('git_commits', {
          id: `${body.runId}/${body.attempt}/${sha}`,
          branchId: body.branchId,
          sha,
          title,
          agent: 'ollan',
          at,
        }),
      ),
      taskMoved(body.taskId, at, { state: 'built', assigneeAgent: 'vera', headSha: body.headSha }),
      stepRow(body, at, 'build', 'ollan', 'done', artifact),
    ],
  }),
  'retry.scheduled': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), runId: z.string(), attempt: z.int().min(2) }),
    rows: ({ body, at }) => [
      taskMoved(body.taskId, at, { state: 'locked', assigneeAgent: 'ollan', attempt: body.attempt }),
    ],
  }),
  /** The artifact is the BlockerPacket. */
  'task.blocked': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string().nullable(),
      code: z.string(),
      waitsFor: z.string(),
      /** An approval that is void because of it. */
      approvalId: z.string().nullable(),
    }),
    rows: ({ body, at, content }) => [
      ...voidedApproval(body.approvalId, body.code),
      taskMoved(body.taskId, at, {
        state: 'blocked',
        // Nothing is wrong then: a reviewer wants it otherwise.
        waitingKind: body.code === 'changes-requested' ? 'changes' : 'blocked',
        waitingWho: body.waitsFor,
        waitingText: reasonOf(content),
      }),
    ],
  }),
  /** The next step cannot run yet, and not through a fault of the task. It is tried again on the next wake. */
  'task.waiting': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      kind: z.enum([
        'dependency',
        'sandbox',
        'repository',
        'dirty-clone',
        'disk',
        'model',
        'budget',
        'checks',
        'review',
      ]),
      who: z.string(),
      text: z.string(),
      /** Which budget is used up; only with the kind `budget`. */
      budget: z.strictObject({ scope: z.enum(['step', 'task', 'day']), key: z.string() }).optional(),
    }),
    rows: ({ body, at }) => [
      update('story_tasks', body.taskId, {
        waitingKind: body.kind,
        waitingWho: body.who,
        waitingText: body.text,
        updatedAt: at,
      }),
    ],
  }),
  'task.paused': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string() }),
    rows: ({ body, at }) => [update('story_tasks', body.taskId, { paused: true, updatedAt: at })],
  }),
  'task.resumed': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string() }),
    rows: ({ body, at }) => [update('story_tasks', body.taskId, { paused: false, updatedAt: at })],
  }),
  'task.cancelled': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string().nullable(),
      storyId: z.string(),
      pullRequestId: z.string().nullable(),
      approvalId: z.string().nullable(),
      reverts: revertChain.optional(),
    }),
    rows: ({ body, at }) => [
      ...voidedApproval(body.approvalId, 'stopped'),
      taskMoved(body.taskId, at, { state: 'cancelled', assigneeAgent: null, endedAt: at }),
      ...storyLeft(body, 'proposed'),
      ...(body.pullRequestId === null
        ? []
        : [update('pull_requests', body.pullRequestId, { state: 'closed', closedAt: at })]),
      ...(body.runId === null ? [] : [update('work_runs', body.runId, { endedAt: at, outcome: 'cancelled' })]),
    ],
  }),
  /** A person asked for another go at a blocked task; with an artifact, the change set that they pasted. */
  'task.retried': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string(),
      attempt: z.int().min(1),
      /** `locked`: what was built is mended; scope, plan and tests stay. */
      state: z.enum(['claimed', 'branched', 'locked']),
    }),
    rows: ({ body, at }) => [
      taskMoved(body.taskId, at, {
        state: body.state,
        assigneeAgent: body.state === 'locked' ? 'ollan' : 'tess',
        attempt: body.attempt,
      }),
    ],
  }),
  /** Two lines for the next run: what changed, what to remember. The artifact is the note. */
  'memory.noted': defineEvent({
    version: 1,
    body: z.strictObject({ taskId: z.string(), runId: z.string() }),
    rows: () => [],
  }),
};

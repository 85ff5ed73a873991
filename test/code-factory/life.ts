import { decideStep, startPass } from '#src/code-factory/decide.ts';
import type { DecisionMeta, StepCommand, StepMeta } from '#src/code-factory/decide.ts';
import { decidePerson } from '#src/code-factory/decide-person.ts';
import type { PersonCommand } from '#src/code-factory/decide-person.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { evolve, foldTask } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import { eventDefinitions } from '#src/ledger/event-types.ts';
import { decideReview, decideReviewStep } from '#src/review/decide.ts';
import type { ReviewCommand, ReviewStepCommand } from '#src/review/decide.ts';

/** A task's life in memory: what a command decides is checked against its schema, recorded and folded. */
export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const DIFF = 'd'.repeat(64);
export const AT = '2026-11-20T09:00:00.000Z';
export const LATER = '2026-11-23T09:00:00.000Z';
export const BUDGET = { scope: 'task', key: 'task' } as const;
const TASK_ID = '01980000-0000-7000-8000-000000000001';
const RUN_ID = '01980000-0000-7000-8000-000000000002';

export const rights = { approvers: ['grace', 'linus'], forge: 'local' };
export const meta = (actor = 'factory'): DecisionMeta => ({ actor, at: AT, cause: null });
export const stepMeta = (fence: number): StepMeta => ({ fence, timing: { startedAt: AT, durationMs: 5 } });

const noChecks = { phase: 'head' as const, sha: HEAD, runs: [] };

/** One of every command, as it would be given in the state that calls for it. */
export const stepCommands = {
  claim: { type: 'claim', runId: RUN_ID },
  'record-branch': { type: 'record-branch', branchId: 'branch', name: 'factory/1-greet', baseSha: BASE },
  'record-assignment': { type: 'record-assignment', artifact: 'assignment' },
  'record-scope': { type: 'record-scope', artifact: 'scope' },
  'record-plan': { type: 'record-plan', artifact: 'plan' },
  'record-lock': { type: 'record-lock', artifact: 'lock', testsSha: null, redOnBase: null, baseline: null },
  'record-build': { type: 'record-build', artifact: 'build', headSha: HEAD },
  'record-verdict': { type: 'record-verdict', artifact: 'qa', outcome: 'passed', checks: noChecks },
  'record-forge-failure': { type: 'record-forge-failure', artifact: 'qa', checks: noChecks },
  block: { type: 'block', code: 'needs-help', artifact: 'blocker', waitsFor: 'ada' },
  wait: { type: 'wait', kind: 'sandbox', who: 'ada', text: 'The sandbox does not run.' },
} as const satisfies { [T in StepCommand['type']]: Extract<StepCommand, { type: T }> };

export const failedVerdict: StepCommand = { ...stepCommands['record-verdict'], outcome: 'failed' };

export const personCommands = {
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  stop: { type: 'stop' },
  retry: { type: 'retry', revision: null },
  steer: { type: 'steer', steeringId: 'words', artifact: 'words', to: null },
  'take-over': { type: 'take-over', checkout: 'in-place' },
  'hand-back': { type: 'hand-back', headSha: HEAD },
  'go-on': { type: 'go-on', budget: BUDGET },
} as const satisfies { [T in PersonCommand['type']]: Extract<PersonCommand, { type: T }> };

export const reviewCommands = {
  approve: {
    type: 'approve',
    approvalId: 'approval',
    actor: 'grace',
    headSha: HEAD,
    diffHash: DIFF,
    expiresAt: LATER,
    rights,
  },
  'request-changes': { type: 'request-changes', actor: 'grace', comment: 'comment', blocker: 'blocker', rights },
  reject: { type: 'reject', actor: 'grace', reason: null, rights },
} as const satisfies { [T in ReviewCommand['type']]: Extract<ReviewCommand, { type: T }> };

export const reviewStepCommands = {
  'record-pull-request': {
    type: 'record-pull-request',
    pullRequestId: 'pr',
    number: 7,
    url: '/pulls/7',
    baseSha: BASE,
    headSha: HEAD,
    diffHash: DIFF,
    artifact: 'body',
    waitsFor: 'grace, linus',
    solo: false,
    lookAt: [],
    risk: { level: 'low', reasons: [] },
  },
  'await-checks': {
    type: 'await-checks',
    draft: {
      pullRequestId: 'pr',
      number: 7,
      url: '/pulls/7',
      baseSha: BASE,
      headSha: HEAD,
      diffHash: DIFF,
      artifact: 'body',
    },
    who: 'the forge',
    text: 'Pull request 7 is open and waits for 1 of 1 checks: build.',
  },
  'void-approval': { type: 'void-approval', reason: 'expired', next: 'checked', headSha: HEAD },
  'void-and-block': { type: 'void-and-block', reason: 'checks-failed', artifact: 'blocker', waitsFor: 'ada' },
  'record-merge': { type: 'record-merge', baseSha: BASE, mergedSha: 'e'.repeat(40), checks: null, memoryNote: 'note' },
  'record-push': { type: 'record-push', headSha: 'c'.repeat(40) },
  'record-merge-by-hand': {
    type: 'record-merge-by-hand',
    mergedBy: 'github:grace',
    mergedSha: 'e'.repeat(40),
    memoryNote: 'note',
  },
  'record-approval': {
    type: 'record-approval',
    approvalId: 'approval',
    actor: 'grace',
    reviewId: '80',
    headSha: HEAD,
    diffHash: DIFF,
    expiresAt: LATER,
    rights,
  },
  'record-request': {
    type: 'record-request',
    actor: 'github:grace',
    reviewId: '80',
    comment: 'comment',
    blocker: 'blocker',
    mend: false,
  },
  'record-reopened': { type: 'record-reopened', headSha: HEAD },
  'record-close': { type: 'record-close', mergedSha: null, artifact: 'blocker', waitsFor: 'ada' },
} as const satisfies { [T in ReviewStepCommand['type']]: Extract<ReviewStepCommand, { type: T }> };

export type AnyCommand =
  | { kind: 'step'; command: StepCommand }
  | { kind: 'person'; command: PersonCommand }
  | { kind: 'review'; command: ReviewCommand }
  | { kind: 'review-step'; command: ReviewStepCommand };

export const allCommands: AnyCommand[] = [
  ...Object.values(stepCommands).map((command) => ({ kind: 'step' as const, command })),
  ...Object.values(personCommands).map((command) => ({ kind: 'person' as const, command })),
  ...Object.values(reviewCommands).map((command) => ({ kind: 'review' as const, command })),
  ...Object.values(reviewStepCommands).map((command) => ({ kind: 'review-step' as const, command })),
];

export function decideAny(given: AnyCommand, task: Task, fence: number = task.fence): EventDraft[] {
  switch (given.kind) {
    case 'step':
      return decideStep(given.command, task, stepMeta(fence), meta());
    case 'person':
      return decidePerson(given.command, task, meta('ada'));
    case 'review':
      return decideReview(given.command, task, meta(given.command.actor));
    case 'review-step':
      return decideReviewStep(given.command, task, stepMeta(fence), meta());
  }
}

export const committed: EventDraft<'story.committed'> = {
  type: 'story.committed',
  body: {
    taskId: TASK_ID,
    projectId: 'project',
    conversationId: 'talk',
    storyId: 'story',
    sprintId: 'sprint',
    featureId: 'feature',
    repoId: 'repo',
    number: 1,
    points: 3,
    dependsOn: [],
    requester: 'ada',
  },
  actor: 'ada',
  agent: null,
  taskId: TASK_ID,
  runId: null,
  artifact: 'brief',
  cause: null,
  idempotencyKey: null,
  at: AT,
};

/** The draft as the ledger would have it, once its body fits the event's schema. */
export function recorded(draft: EventDraft, position: number): RecordedEvent {
  eventDefinitions[draft.type].body.parse(draft.body);
  const stored = { ...draft, position, seq: position, stream: `task:${TASK_ID}`, version: 1 };
  return { ...stored, bodyText: JSON.stringify(draft.body), prevHash: '', hash: '' };
}

export function after(task: Task, drafts: readonly EventDraft[]): Task {
  return drafts.reduce((now, draft) => evolve(now, recorded(draft, now.position + 1)), task);
}

export function apply(task: Task, ...commands: AnyCommand[]): Task {
  return commands.reduce((now, command) => after(now, decideAny(command, now)), task);
}

export function committedTask(): Task {
  const task = foldTask([recorded(committed, 1)]);
  if (task === null) throw new Error('a committed story makes a task');
  return after(task, startPass(task, meta()));
}

const step = (command: StepCommand): AnyCommand => ({ kind: 'step', command });
const line: readonly [TaskStatus, AnyCommand][] = [
  ['claimed', step(stepCommands.claim)],
  ['branched', step(stepCommands['record-branch'])],
  ['assigned', step(stepCommands['record-assignment'])],
  ['scoped', step(stepCommands['record-scope'])],
  ['planned', step(stepCommands['record-plan'])],
  ['locked', step(stepCommands['record-lock'])],
  ['built', step(stepCommands['record-build'])],
  ['checked', step(stepCommands['record-verdict'])],
  ['in-review', { kind: 'review-step', command: reviewStepCommands['record-pull-request'] }],
  ['approved', { kind: 'review', command: reviewCommands.approve }],
  ['merged', { kind: 'review-step', command: reviewStepCommands['record-merge'] }],
];

/** A task that came to `status` by the shortest way. */
export function taskIn(status: TaskStatus): Task {
  if (status === 'ready') return committedTask();
  if (status === 'blocked') return apply(taskIn('planned'), step(stepCommands.block));
  if (status === 'taken-over')
    return apply(taskIn('planned'), { kind: 'person', command: personCommands['take-over'] });
  if (status === 'rejected') return apply(taskIn('in-review'), { kind: 'review', command: reviewCommands.reject });
  if (status === 'cancelled') return apply(taskIn('planned'), { kind: 'person', command: personCommands.stop });
  const length = line.findIndex(([reached]) => reached === status) + 1;
  return apply(committedTask(), ...line.slice(0, length).map(([, command]) => command));
}

/** The code of the refusal, or null when the command was taken. */
export function refusal(attempt: () => unknown): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof FactoryError && error.fix !== '') return error.code;
    throw error;
  }
}

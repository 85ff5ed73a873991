import { hasEnded, nextStep, stepNames } from '#src/code-factory/task-status.ts';
import type { StepName, TaskStatus } from '#src/code-factory/task-status.ts';
import type { ModelCallRow, PullRequestRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { TaskRunRow } from '#src/ledger/run-rows.ts';
import type { Card, CardAction, CardBlock } from '#src/ports/chat.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import { action, card, duration, pullRequestFact, shortSha } from './card-parts.ts';
import { costOf, costWords } from './cost-words.ts';
import { handBackAction } from './take-over-card.ts';
import { wentWrong, wordsForTask } from './task-words.ts';

const STEP_LABELS: Readonly<Record<StepName, string>> = {
  claim: 'claim',
  branch: 'branch',
  assign: 'assign',
  scope: 'scope',
  plan: 'plan',
  lock: 'behaviour',
  build: 'build',
  check: 'checks',
  open: 'pull request',
  merge: 'merge',
};

/** Steps that people do not need to see apart. */
const SHOWN: readonly StepName[] = stepNames.filter((step) => step !== 'claim' && step !== 'assign');

/** What a task waits for that somebody may have put right outside of chat. */
const MAY_HAVE_COME: ReadonlySet<string> = new Set([
  'sandbox',
  'repository',
  'dirty-clone',
  'disk',
  'model',
  'checks',
  'review',
]);

/** The one live card of a task: what is done, what runs, how long it took. */
export function statusCard(
  task: StoryTaskRow,
  runs: readonly TaskRunRow[],
  calls: readonly ModelCallRow[] = [],
  { pullRequest = null, merge = null }: { pullRequest?: PullRequestRow | null; merge?: string | null } = {},
): Card {
  const status = task.state as TaskStatus;
  const due = nextStep[status]?.step ?? null;
  const idle = task.paused || task.waitingKind !== null || hasEnded(status);
  const latest = new Map(runs.filter((run) => run.runId === task.runId).map((run) => [run.step, run]));
  const order = stepNames.indexOf(due ?? 'claim');
  let lastStartedAt = '';
  const steps = SHOWN.map((step) => {
    const run = latest.get(step);
    // A run from before the step ahead of it belongs to an earlier go.
    const isStale = run !== undefined && run.startedAt < lastStartedAt;
    const isDone = run !== undefined && !isStale && (due === null || stepNames.indexOf(step) < order);
    if (isDone) lastStartedAt = run.startedAt;
    const failed = isDone && run.result === 'failed' && status === 'blocked';
    const state = failed
      ? ('failed' as const)
      : isDone
        ? ('done' as const)
        : step === due && !idle
          ? ('now' as const)
          : ('todo' as const);
    return {
      label: STEP_LABELS[step],
      state,
      sinceAt: state === 'now' ? task.updatedAt : null,
      tookMs: isDone ? run.durationMs : null,
    };
  });
  const facts = [
    ...(task.branch === null ? [] : [{ label: 'Branch', value: task.branch }]),
    ...pullRequestFact(pullRequest),
    ...(task.attempt > 1 ? [{ label: 'Attempt', value: `${task.attempt} of 3` }] : []),
    ...(task.mergedSha === null
      ? []
      : [
          {
            label: 'Merged as',
            value: [shortSha(task.mergedSha), ...(merge === null ? [] : [merge])].join(', '),
            tone: 'good' as const,
          },
        ]),
    { label: 'Took', value: duration(runs.reduce((sum, run) => sum + run.durationMs, 0)) },
    { label: 'Cost', value: costWords(costOf(calls)) },
  ];
  const waits: CardBlock[] =
    // A used-up budget has a card of its own, which asks.
    task.waitingText === null || hasEnded(status) || status === 'taken-over' || task.waitingKind === 'budget'
      ? []
      : [{ type: 'text', text: waitWords(task, task.waitingText) }];
  return card('status', `Task ${task.number} · **${task.title}** ${task.paused ? 'is paused.' : lead(task, status)}`, {
    tone:
      status === 'merged' && task.revertedBy === null
        ? 'good'
        : wentWrong(task)
          ? 'bad'
          : task.waitingKind !== null || task.paused
            ? 'waiting'
            : 'plain',
    blocks: [{ type: 'steps', steps }, ...waits, { type: 'facts', facts }],
    actions: actionsOf(task, status),
  });
}

/** A decision is asked on the review card, whose buttons are not these. */
function waitWords({ waitingKind, waitingWho }: StoryTaskRow, text: string): string {
  if (waitingKind !== 'approval') return text;
  return waitingWho === LOCAL_USER
    ? `On the card in this thread: ${text}`
    : `For ${waitingWho ?? 'an approver'}, on the card in this thread: ${text}`;
}

function actionsOf(task: StoryTaskRow, status: TaskStatus): CardAction[] {
  if (hasEnded(status)) return [];
  const { id: taskId } = task;
  const stop = action('stop', 'Stop', { type: 'stop', taskId }, { style: 'danger', confirm: stopWords(task) });
  if (status === 'taken-over') return [handBackAction(taskId), stop];
  const isMerging = status === 'approved' && task.waitingKind === null;
  return [
    task.paused
      ? action('resume', 'Resume', { type: 'resume', taskId })
      : action('pause', 'Pause', { type: 'pause', taskId }),
    ...(task.waitingKind !== null && MAY_HAVE_COME.has(task.waitingKind)
      ? [action('retry', 'Try now', { type: 'retry', taskId })]
      : []),
    ...(task.branch === null || isMerging ? [] : [action('take-over', 'Take over', { type: 'take-over', taskId })]),
    stop,
  ];
}

/** What becomes of everything when a task is stopped. */
export function stopWords({ reverts }: Pick<StoryTaskRow, 'reverts'>): string {
  const rest = reverts === null ? 'the story goes back to the backlog' : 'what it was to take back stays merged';
  return `Stop this task? Its branch stays; ${rest}.`;
}

function lead(task: StoryTaskRow, status: TaskStatus): string {
  if (status === 'approved' && task.waitingKind !== null) return 'is approved and waits to be merged.';
  switch (status) {
    case 'merged':
      return task.revertedBy === null ? 'is merged.' : 'was merged, then reverted.';
    case 'rejected':
      return 'is rejected.';
    case 'blocked':
      return task.waitingKind === 'changes' ? 'waits for the changes that were asked for.' : 'is blocked.';
    case 'taken-over':
      return `is in good hands: ${task.waitingWho ?? 'a person'} works on it; say **hand back** when you are done.`;
    case 'cancelled':
      return 'was stopped.';
    default:
      return `${wordsForTask(task)}.`;
  }
}

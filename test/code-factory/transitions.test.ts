import { describe, expect, it } from 'vitest';
import { startPass } from '#src/code-factory/decide.ts';
import { hasEnded, MAX_ATTEMPTS, nextStep, taskStatuses } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { EventType } from '#src/ledger/event-types.ts';
import {
  after,
  allCommands,
  apply,
  BUDGET,
  committedTask,
  decideAny,
  failedVerdict,
  HEAD,
  meta,
  personCommands,
  refusal,
  reviewCommands,
  reviewStepCommands,
  stepCommands,
  taskIn,
} from './life.ts';

/** What is allowed, written by hand from the picture in task-status.ts; everything that is not here must be refused. */
const working = [
  'ready',
  'claimed',
  'branched',
  'assigned',
  'scoped',
  'planned',
  'locked',
  'built',
  'checked',
  'approved',
];
const open = [...working, 'in-review', 'blocked', 'taken-over'];
/** What a person can take over: it has a branch, nobody has it, and it is not being merged. */
const takeable = [...working.slice(2, -1), 'in-review', 'blocked'];
const allowed: Readonly<Record<string, { in: readonly string[]; events: readonly EventType[] }>> = {
  claim: { in: ['ready'], events: ['task.claimed'] },
  'record-branch': { in: ['claimed'], events: ['branch.created'] },
  'record-assignment': { in: ['branched'], events: ['assignment.dispatched'] },
  'record-scope': { in: ['assigned'], events: ['scope.clarified'] },
  'record-plan': { in: ['scoped'], events: ['plan.generated'] },
  'record-lock': { in: ['planned'], events: ['behaviour.locked'] },
  'record-build': { in: ['locked'], events: ['code.generated'] },
  'record-verdict': { in: ['built'], events: ['qa.passed'] },
  'record-forge-failure': { in: ['checked'], events: ['qa.failed', 'retry.scheduled'] },
  block: { in: working, events: ['task.blocked'] },
  wait: { in: working, events: ['task.waiting'] },
  pause: { in: open.filter((status) => status !== 'taken-over'), events: ['task.paused'] },
  resume: { in: [], events: [] },
  stop: { in: open, events: ['task.cancelled'] },
  retry: { in: ['blocked'], events: ['task.retried'] },
  steer: { in: open, events: ['steering.given'] },
  'take-over': { in: takeable, events: ['task.taken-over'] },
  'hand-back': { in: ['taken-over'], events: ['task.handed-back'] },
  'go-on': { in: [], events: [] },
  approve: { in: ['in-review'], events: ['approval.granted'] },
  'request-changes': { in: ['in-review'], events: ['changes.requested', 'task.blocked'] },
  reject: { in: ['in-review'], events: ['pull-request.rejected'] },
  'record-pull-request': { in: ['checked'], events: ['pull-request.opened'] },
  'await-checks': { in: ['checked'], events: ['pull-request.drafted', 'task.waiting'] },
  'void-approval': { in: ['approved'], events: ['approval.voided'] },
  'void-and-block': { in: ['approved'], events: ['approval.voided', 'task.blocked'] },
  'record-merge': { in: ['approved'], events: ['pull-request.merged', 'memory.noted'] },
  'record-push': { in: ['in-review'], events: ['review.outdated'] },
  'record-merge-by-hand': { in: ['in-review'], events: ['pull-request.merged-by-hand', 'memory.noted'] },
  'record-approval': { in: ['in-review'], events: ['approval.granted'] },
  'record-request': { in: ['in-review'], events: ['changes.requested', 'task.blocked'] },
  'record-reopened': { in: [], events: [] },
  'record-close': { in: ['in-review', 'approved'], events: ['pull-request.closed', 'task.blocked'] },
};

const table = taskStatuses.flatMap((status) =>
  allCommands.map((given) => ({ status, given, type: given.command.type, rule: allowed[given.command.type] })),
);

describe('the life of a task', () => {
  it('has a rule for every command there is', () => {
    expect(Object.keys(allowed).sort()).toEqual(allCommands.map(({ command }) => command.type).sort());
  });

  it.each(table.filter(({ status, rule }) => rule?.in.includes(status)))(
    'takes $type in $status',
    ({ status, given, rule }) => {
      const drafts = decideAny(given, taskIn(status));
      expect(drafts.map(({ type }) => type)).toEqual(rule?.events);
      for (const draft of drafts) expect(draft).toMatchObject({ taskId: taskIn('ready').taskId });
    },
  );

  it.each(table.filter(({ status, rule }) => !rule?.in.includes(status)))(
    'refuses $type in $status, with a code and a way on',
    ({ status, given }) => {
      expect(refusal(() => decideAny(given, taskIn(status)))).toMatch(/^[a-z]+(-[a-z]+)*$/);
    },
  );

  it.each(taskStatuses.map((status) => ({ status })))('reaches $status by its own commands', ({ status }) => {
    expect(taskIn(status).status).toBe(status);
  });

  it.each(taskStatuses.filter(hasEnded).map((status) => ({ status })))(
    'starts no pass on a task that is $status',
    ({ status }) => {
      expect(refusal(() => startPass(taskIn(status), meta()))).toBe('task-ended');
    },
  );
});

describe('a result of another pass', () => {
  const steps = allCommands.filter(({ kind }) => kind === 'step' || kind === 'review-step');
  const due = steps.flatMap((given) => {
    const status = allowed[given.command.type]?.in[0] as TaskStatus | undefined;
    return status === undefined ? [] : [{ given, status, type: given.command.type }];
  });

  it.each(due)('is refused for $type under an older fence', ({ given, status }) => {
    const task = after(taskIn(status), startPass(taskIn(status), meta()));
    expect(refusal(() => decideAny(given, task, task.fence - 1))).toBe('fenced');
    expect(refusal(() => decideAny(given, task, task.fence))).toBeNull();
  });

  it.each(due)('is refused for $type while the task is paused, and taken after', ({ given, status }) => {
    const paused = apply(taskIn(status), { kind: 'person', command: personCommands.pause });
    expect(refusal(() => decideAny(given, paused))).toBe('task-paused');
    const resumed = apply(paused, { kind: 'person', command: personCommands.resume });
    expect(refusal(() => decideAny(given, resumed))).toBeNull();
  });
});

describe('attempts', () => {
  const build = { kind: 'step', command: stepCommands['record-build'] } as const;
  const fail = { kind: 'step', command: failedVerdict } as const;

  it('are tried again with the next number until three are used up, then a person is asked', () => {
    let task = taskIn('built');
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      expect(task.attempt).toBe(attempt);
      expect(decideAny(fail, task).map(({ type }) => type)).toEqual(['qa.failed', 'retry.scheduled']);
      task = apply(task, fail, build);
    }
    expect(task.attempt).toBe(MAX_ATTEMPTS);
    const last = decideAny(fail, task);
    expect(last.map(({ type }) => type)).toEqual(['qa.failed', 'task.blocked']);
    expect(last[1]?.body).toMatchObject({ code: 'attempts-used-up', waitsFor: 'ada' });
    expect(after(task, last)).toMatchObject({ status: 'blocked', artifacts: { blocker: 'qa', qa: 'qa' } });
  });

  it('begin again at one when a person asks for another go', () => {
    const used = apply(taskIn('built'), fail, build, fail, build, fail);
    expect(apply(used, { kind: 'person', command: personCommands.retry })).toMatchObject({
      status: 'branched',
      attempt: 1,
    });
  });

  it('are not called failed where nothing could be run', () => {
    const nothing = { kind: 'step', command: { ...stepCommands['record-verdict'], outcome: 'no-checks' } } as const;
    const [verdict] = decideAny(nothing, taskIn('built'));
    expect(verdict).toMatchObject({ type: 'qa.passed', body: { outcome: 'no-checks' } });
  });
});

describe('another go', () => {
  const retry = { kind: 'person', command: personCommands.retry } as const;

  it('goes back to making the branch where there is none yet', () => {
    const blocked = apply(taskIn('claimed'), { kind: 'step', command: stepCommands.block });
    expect(apply(blocked, retry)).toMatchObject({ status: 'claimed', branch: null });
  });

  it('is refused for a task that never started', () => {
    const blocked = apply(committedTask(), { kind: 'step', command: stepCommands.block });
    expect(refusal(() => decideAny(retry, blocked))).toBe('no-run');
  });

  it('keeps plan and locked tests where a model mends what was built, and only there', () => {
    const mend = { kind: 'person', command: { type: 'retry', revision: null, mend: true } } as const;
    const pasted = { kind: 'person', command: { type: 'retry', revision: 'pasted', mend: true } } as const;
    const built = apply(taskIn('built'), { kind: 'step', command: stepCommands.block });
    expect(apply(built, mend)).toMatchObject({ status: 'locked', attempt: 1 });
    expect(apply(built, retry)).toMatchObject({ status: 'branched' });
    expect(apply(built, pasted)).toMatchObject({ status: 'branched' });
    const unbuilt = apply(taskIn('planned'), { kind: 'step', command: stepCommands.block });
    expect(apply(unbuilt, mend)).toMatchObject({ status: 'branched' });
  });

  it('still owes what a person asked for when the work on it was stopped by something else', () => {
    const sent = apply(taskIn('in-review'), { kind: 'review', command: reviewCommands['request-changes'] });
    expect(sent.sentBack).toEqual({ artifact: 'blocker', isTakenUp: false });
    const mend = { kind: 'person', command: { ...personCommands.retry, mend: true } } as const;
    const other = { kind: 'step', command: { ...stepCommands.block, artifact: 'other' } } as const;
    const stopped = apply(sent, mend, other, mend);
    expect(stopped).toMatchObject({ sentBack: sent.sentBack, artifacts: { blocker: 'other' } });
    const built = apply(stopped, { kind: 'step', command: stepCommands['record-build'] });
    expect(built.sentBack).toEqual({ artifact: 'blocker', isTakenUp: true });
    const shown = apply(
      built,
      { kind: 'step', command: stepCommands['record-verdict'] },
      { kind: 'review-step', command: reviewStepCommands['record-pull-request'] },
    );
    expect(shown.sentBack).toBeNull();
  });

  it('carries the change set that a person pasted, and keeps it through a second one without', () => {
    const pasted = apply(taskIn('blocked'), { kind: 'person', command: { type: 'retry', revision: 'pasted' } });
    expect(pasted.artifacts.revision).toBe('pasted');
    const again = apply(
      pasted,
      { kind: 'step', command: stepCommands['record-assignment'] },
      { kind: 'step', command: stepCommands.block },
      retry,
    );
    expect(again.artifacts.revision).toBe('pasted');
  });

  it('makes a waiting task look again without a fact of its own', () => {
    const waiting = apply(taskIn('planned'), { kind: 'step', command: stepCommands.wait });
    expect(decideAny(retry, waiting)).toEqual([]);
    const pasted = { kind: 'person', command: { type: 'retry', revision: 'pasted' } } as const;
    expect(refusal(() => decideAny(pasted, waiting))).toBe('not-blocked');
  });
});

describe('waiting', () => {
  const wait = { kind: 'step', command: stepCommands.wait } as const;

  it('is said once as long as the reason is the same', () => {
    const waiting = apply(taskIn('planned'), wait);
    expect(decideAny(wait, waiting)).toEqual([]);
    const other = { kind: 'step', command: { ...stepCommands.wait, text: 'Another reason.' } } as const;
    expect(decideAny(other, waiting)).toHaveLength(1);
  });

  it('ends with the next step that succeeds', () => {
    const waiting = apply(taskIn('planned'), wait);
    expect(waiting.waiting).toMatchObject({ kind: 'sandbox', who: 'ada' });
    expect(apply(waiting, { kind: 'step', command: stepCommands['record-lock'] }).waiting).toBeNull();
  });
});

describe('a budget', () => {
  const wait = { kind: 'step', command: { ...stepCommands.wait, kind: 'budget', budget: BUDGET } } as const;
  const goOn = { kind: 'person', command: personCommands['go-on'] } as const;

  it('that was raised lifts the wait for it, once', () => {
    const waiting = apply(taskIn('planned'), wait);
    const lifted = apply(waiting, goOn);
    expect(lifted).toMatchObject({ status: 'planned', waiting: null });
    expect(refusal(() => decideAny(goOn, lifted))).toBe('not-waiting');
  });

  it('that is used up again is asked about again, in whatever words', () => {
    const lifted = apply(taskIn('planned'), wait, goOn);
    expect(decideAny(wait, lifted).map(({ type }) => type)).toEqual(['task.waiting']);
  });

  it('of another scope or key lifts nothing', () => {
    const waiting = apply(taskIn('planned'), wait);
    for (const budget of [
      { ...BUDGET, scope: 'day' as const },
      { ...BUDGET, key: 'other' },
    ]) {
      const other = { kind: 'person', command: { type: 'go-on', budget } } as const;
      expect(refusal(() => decideAny(other, waiting))).toBe('not-waiting');
    }
  });
});

describe('words for whoever works on it', () => {
  const steer = { kind: 'person', command: personCommands.steer } as const;

  it('are given once, and heard once', () => {
    const given = apply(taskIn('planned'), steer);
    expect(given.steering).toMatchObject([{ steeringId: 'words', by: 'ada', artifact: 'words', heard: false }]);
    expect(decideAny(steer, given)).toEqual([]);
    expect(decideAny(steer, taskIn('planned'))).toMatchObject([{ idempotencyKey: 'steering:words' }]);
  });
});

describe('work in a person’s hands', () => {
  const take = { kind: 'person', command: personCommands['take-over'] } as const;
  const handBack = (headSha: string) => ({ kind: 'person', command: { type: 'hand-back', headSha } }) as const;

  it('makes an approval void, which cannot act any more (I10)', () => {
    const waits = apply(taskIn('approved'), { kind: 'step', command: { ...stepCommands.wait, kind: 'dirty-clone' } });
    const [event] = decideAny(take, waits);
    expect(event).toMatchObject({
      type: 'task.taken-over',
      body: { by: 'ada', approvalId: 'approval', headSha: HEAD },
    });
    const taken = apply(waits, take);
    expect(taken).toMatchObject({ status: 'taken-over', approval: null, takenOver: { by: 'ada' } });
    expect(refusal(() => decideAny({ kind: 'review-step', command: reviewStepCommands['record-merge'] }, taken))).toBe(
      'task-taken-over',
    );
  });

  it('ends a pause, and starts no pass', () => {
    const taken = apply(taskIn('locked'), { kind: 'person', command: personCommands.pause }, take);
    expect(taken.paused).toBe(false);
    expect(refusal(() => startPass(taken, meta()))).toBe('task-taken-over');
  });

  it.each(allCommands.filter(({ kind }) => kind === 'step' || kind === 'review-step'))(
    'takes no result of $command.type, also not once it is handed back',
    (given) => {
      const before = taskIn('locked');
      const taken = apply(before, take);
      expect(refusal(() => decideAny(given, taken, before.fence))).toBe('task-taken-over');
      expect(refusal(() => decideAny(given, apply(taken, handBack('c'.repeat(40))), before.fence))).toBe('fenced');
    },
  );

  it.each([
    { from: 'locked', state: 'locked' },
    { from: 'in-review', state: 'locked' },
    { from: 'planned', state: 'branched' },
    { from: 'blocked', state: 'branched' },
  ] as const)('taken from $from goes on in $state with what the person pushed', ({ from, state }) => {
    const pushed = 'c'.repeat(40);
    const back = apply(taskIn(from), take, handBack(pushed));
    expect(back).toMatchObject({ status: state, headSha: pushed, handedBack: { by: 'ada', headSha: pushed } });
    expect(back).toMatchObject({ takenOver: null, attempt: 1 });
  });

  it('goes on as before when nothing was pushed', () => {
    const taken = apply(taskIn('in-review'), take);
    expect(apply(taken, handBack(HEAD))).toMatchObject({ status: 'locked', headSha: HEAD, handedBack: null });
  });

  it('is the build once it is taken up, and no more', () => {
    const back = apply(taskIn('locked'), take, handBack('c'.repeat(40)));
    expect(apply(back, { kind: 'step', command: stepCommands['record-build'] }).handedBack).toBeNull();
  });
});

describe('what a task remembers', () => {
  it('keeps run, branch, head, pull request and approval as its facts told them', () => {
    expect(taskIn('approved')).toMatchObject({
      run: { number: 1 },
      branch: { name: 'factory/1-greet' },
      headSha: stepCommands['record-build'].headSha,
      pullRequest: { number: 7, diffHash: reviewStepCommands['record-pull-request'].diffHash },
      approval: { approver: 'grace', byRequester: false, expiresAt: reviewCommands.approve.expiresAt },
      artifacts: {
        brief: 'brief',
        assignment: 'assignment',
        scope: 'scope',
        plan: 'plan',
        lock: 'lock',
        build: 'build',
        qa: 'qa',
        body: 'body',
      },
    });
  });

  it.each(['void-approval', 'void-and-block'] as const)('has no usable approval after %s', (type) => {
    const task = apply(taskIn('approved'), { kind: 'review-step', command: reviewStepCommands[type] });
    expect(task.approval).toBeNull();
    expect(
      refusal(() => decideAny({ kind: 'review-step', command: reviewStepCommands['record-merge'] }, task)),
    ).not.toBeNull();
  });

  it('has no usable approval once a fault has blocked its merge', () => {
    const task = apply(taskIn('approved'), { kind: 'step', command: stepCommands.block });
    expect(task).toMatchObject({ status: 'blocked', approval: null });
  });

  it('counts every fact of its stream', () => {
    expect(taskIn('ready').position).toBe(2);
    expect(taskIn('claimed').position).toBe(3);
  });

  it('gives each state that calls for a step somebody who does it', () => {
    const idle = taskStatuses.filter((status) => nextStep[status] === null);
    expect(idle).toEqual(['in-review', 'merged', 'blocked', 'taken-over', 'rejected', 'cancelled']);
  });
});

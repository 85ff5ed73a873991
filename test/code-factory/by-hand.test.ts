import { describe, expect, it } from 'vitest';
import { awaitsReopening } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { apply, decideAny, HEAD, personCommands, refusal, reviewStepCommands, stepCommands, taskIn } from './life.ts';

const seen = (type: keyof typeof reviewStepCommands) =>
  ({ kind: 'review-step', command: reviewStepCommands[type] }) as const;
const reopenedAt = (headSha: string) =>
  ({ kind: 'review-step', command: { type: 'record-reopened', headSha } }) as const;
const closed = (task: Task): Task => apply(task, seen('record-close'));
/** Its pull request is there, and checks of the forge's own run. */
const drafted = (): Task => apply(taskIn('checked'), seen('await-checks'));

describe('a pull request that somebody closed', () => {
  it.each([
    ['in review', () => taskIn('in-review')],
    ['approved', () => taskIn('approved')],
    ['while its checks run', drafted],
  ])('%s, and opened again goes on where it was', (_when, task) => {
    const blocked = closed(task());
    expect(blocked).toMatchObject({ status: 'blocked', approval: null, pullRequest: { isClosed: true } });
    expect(awaitsReopening(blocked)).toBe(true);
    expect(apply(blocked, reopenedAt(HEAD))).toMatchObject({ status: 'checked', pullRequest: { isClosed: false } });
    const pushed = apply(blocked, reopenedAt('c'.repeat(40)));
    expect(pushed).toMatchObject({ status: 'built', headSha: 'c'.repeat(40) });
  });

  it('may be merged by hand after all', () => {
    expect(apply(closed(taskIn('in-review')), seen('record-merge-by-hand')).status).toBe('merged');
  });

  it('is not waited for once a person had the task go on, or something else stops it', () => {
    const retried = apply(closed(taskIn('in-review')), { kind: 'person', command: personCommands.retry });
    expect(awaitsReopening(retried)).toBe(false);
    const stopped = apply(retried, { kind: 'step', command: stepCommands.block });
    expect(awaitsReopening(stopped)).toBe(false);
    for (const task of [retried, stopped])
      expect(refusal(() => decideAny(reopenedAt(HEAD), task))).toBe('refused-transition');
    // So that another is opened in its place.
    expect(retried.pullRequest?.isClosed).toBe(true);
  });

  it('is no reason to look where it was merged with something else', () => {
    const command = { ...reviewStepCommands['record-close'], mergedSha: 'e'.repeat(40) };
    const blocked = apply(taskIn('in-review'), { kind: 'review-step', command });
    expect(blocked.status).toBe('blocked');
    expect(awaitsReopening(blocked)).toBe(false);
  });
});

describe('a push while checks of the forge run', () => {
  it('leads to its own checks, and is no push where there is no pull request yet', () => {
    expect(apply(drafted(), seen('record-push'))).toMatchObject({ status: 'built', waiting: null });
    expect(refusal(() => decideAny(seen('record-push'), taskIn('checked')))).toBe('refused-transition');
  });
});

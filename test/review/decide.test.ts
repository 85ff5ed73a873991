import { describe, expect, it } from 'vitest';
import { LOCAL_USER } from '#src/review/rights.ts';
import {
  committed,
  decideAny,
  meta,
  recorded,
  refusal,
  reviewCommands,
  reviewStepCommands,
  taskIn,
  apply,
} from '#test/code-factory/life.ts';
import { decideReview } from '#src/review/decide.ts';
import { foldTask } from '#src/code-factory/task.ts';

const approve = (change: Partial<typeof reviewCommands.approve> | object) =>
  decideAny({ kind: 'review', command: { ...reviewCommands.approve, ...change } }, taskIn('in-review'));

describe('an approval', () => {
  it('is bound to the head, the diff, the person and the time that it was given for (C04)', () => {
    const [granted] = approve({});
    expect(granted).toMatchObject({
      actor: 'grace',
      body: {
        approver: 'grace',
        byRequester: false,
        headSha: reviewCommands.approve.headSha,
        diffHash: reviewCommands.approve.diffHash,
        expiresAt: reviewCommands.approve.expiresAt,
        pullRequestId: 'pr',
      },
    });
  });

  it.each([
    { field: 'headSha', change: { headSha: 'f'.repeat(40) } },
    { field: 'diffHash', change: { diffHash: 'f'.repeat(64) } },
    { field: 'a shortened head', change: { headSha: reviewCommands.approve.headSha.slice(0, 7) } },
  ])('is refused when $field is not what the card showed (C04, A19, A21)', ({ change }) => {
    expect(refusal(() => approve(change))).toBe('card-is-stale');
  });

  it('is refused to the requester, to personas and to people who are no approvers (C06, A18)', () => {
    expect(refusal(() => approve({ actor: 'ada' }))).toBe('not-an-approver');
    expect(refusal(() => approve({ actor: 'ada', rights: { approvers: ['ada', 'grace'], forge: 'local' } }))).toBe(
      'requester-cannot-approve',
    );
    expect(refusal(() => approve({ actor: 'vera', rights: { approvers: ['vera'], forge: 'local' } }))).toBe(
      'persona-cannot-approve',
    );
    expect(refusal(() => approve({ rights: { approvers: [], forge: 'local' } }))).toBe('no-approvers');
  });

  it('says so when the requester gave it alone', () => {
    const mine = recorded({ ...committed, body: { ...committed.body, requester: LOCAL_USER } }, 1);
    const task = foldTask([mine]);
    if (task === null) throw new Error('a committed story makes a task');
    const inReview = { ...taskIn('in-review'), requester: task.requester };
    const command = {
      ...reviewCommands.approve,
      actor: LOCAL_USER,
      rights: { approvers: [LOCAL_USER], forge: 'local' },
    };
    expect(decideReview(command, inReview, meta(LOCAL_USER))[0]?.body).toMatchObject({ byRequester: true });
  });

  it('works once: a second press finds it given (C05)', () => {
    const again = { kind: 'review', command: { ...reviewCommands.approve, approvalId: 'another' } } as const;
    expect(refusal(() => decideAny(again, taskIn('approved')))).toBe('already-approved');
    expect(refusal(() => decideAny(again, taskIn('merged')))).toBe('review-over');
  });

  it('must be given anew after it was voided', () => {
    const voided = apply(taskIn('approved'), { kind: 'review-step', command: reviewStepCommands['void-approval'] });
    expect(voided.status).toBe('checked');
    expect(refusal(() => decideAny({ kind: 'review-step', command: reviewStepCommands['record-merge'] }, voided))).toBe(
      'refused-transition',
    );
    const asked = apply(voided, { kind: 'review-step', command: reviewStepCommands['record-pull-request'] });
    expect(asked).toMatchObject({ status: 'in-review', approval: null });
  });

  it('sends a new head to the checks before it is asked about again', () => {
    const moved = {
      ...reviewStepCommands['void-approval'],
      reason: 'head-moved',
      next: 'built',
      headSha: 'f'.repeat(40),
    } as const;
    expect(apply(taskIn('approved'), { kind: 'review-step', command: moved })).toMatchObject({
      status: 'built',
      headSha: 'f'.repeat(40),
    });
  });
});

describe('a no', () => {
  it.each(['request-changes', 'reject'] as const)(
    '%s is open to an approver and to the requester, to nobody else',
    (type) => {
      const say = (actor: string) =>
        decideAny({ kind: 'review', command: { ...reviewCommands[type], actor } }, taskIn('in-review'));
      expect(say('grace')).not.toEqual([]);
      expect(say('ada')).not.toEqual([]);
      expect(refusal(() => say('eve'))).toBe('not-an-approver');
      expect(refusal(() => say('ollan'))).toBe('persona-cannot-approve');
    },
  );

  it('blocks the task for its requester until there is new code', () => {
    const [, block] = decideAny({ kind: 'review', command: reviewCommands['request-changes'] }, taskIn('in-review'));
    expect(block?.body).toMatchObject({ code: 'changes-requested', waitsFor: 'ada' });
  });

  it('brings an open pull request up to date instead of opening a second one', () => {
    const open = { kind: 'review-step', command: reviewStepCommands['record-pull-request'] } as const;
    expect(decideAny(open, taskIn('checked'))[0]?.body).toMatchObject({ isNew: true });
    expect(
      decideAny(open, { ...taskIn('checked'), pullRequest: taskIn('in-review').pullRequest })[0]?.body,
    ).toMatchObject({ isNew: false });
  });
});

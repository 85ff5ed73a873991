import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMerge } from '#agents/tess/merge.ts';
import { decideOnTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Steps } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { postsFor } from '#src/desk/mirror.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideReview } from '#src/review/decide.ts';
import { approveTask } from '#src/review/review-task.ts';
import { createFakeLine, createProject, LANE, passOn, type Project, SHOWN } from '#test/code-factory/floor.ts';
import { HEAD, reviewCommands } from '#test/code-factory/life.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createTools, createWorld, type World } from './fakes.ts';

const NEW_HEAD = 'f'.repeat(40);
const HOUR_MS = 3_600_000;

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
let world: World;
let taskId: string;
let steps: Steps;

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

/** Goes on with every look: no two runs of one step begin in the same millisecond. */
const clock = { now: () => new Date((world.nowMs += 1)) };
const pass = () => passOn(unitOfWork, steps, { clock })(taskId);
const approve = () =>
  approveTask(
    {
      unitOfWork,
      clock,
      ids: { next: () => `approval-${Math.random()}` },
      forge: { closePullRequest: async () => {} },
      rightsFor: async () => ({ approvers: world.approvers, forge: 'local' }),
      approvalExpiryHours: 72,
    },
    { taskId, actor: 'grace', lane: LANE, ...SHOWN },
  );

beforeEach(async () => {
  world = createWorld();
  steps = { ...createFakeLine().steps, merge: createMerge(createTools(unitOfWork, world)) };
  taskId = await project.commit();
  await pass();
  await approve();
  world.effects = [];
});

async function taskNow(): Promise<Task> {
  const task = await loadTask(unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

const facts = () => unitOfWork.ledger.stream(`task:${taskId}`);
const bodiesOf = async (type: string) => (await facts()).flatMap((event) => (event.type === type ? [event.body] : []));

describe('a merge that a rule of the forge keeps for a review', () => {
  const waits: World['mergeAnswer'] = { outcome: 'waits', missing: 'review', reason: 'A review is required.' };

  it('has the approval stand there as the approver’s own first, which the ledger tells once (C04, C05, A19)', async () => {
    world.ownReview = { outcome: 'stands', account: 'github:grace', reviewId: '81' };
    world.mergeAnswer = waits;
    await pass();
    await pass();
    world.mergeAnswer = null;
    await pass();
    expect(world.effects.at(-2)).toBe('review by grace');
    expect(world.effects.at(-1)).toContain(`merge ${HEAD.slice(0, 7)}`);
    expect(await bodiesOf('review.submitted')).toEqual([
      {
        taskId,
        approvalId: expect.any(String),
        account: 'github:grace',
        reviewId: '81',
        headSha: HEAD,
      },
    ]);
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it.each([
    { own: { outcome: 'none' }, says: 'Or grace says `link github`, then presses Try now.' },
    {
      own: { outcome: 'not-taken', account: 'github:grace', reason: 'it is her own' },
      says: 'It took no review from github:grace: it is her own.',
    },
    {
      own: { outcome: 'stands', account: 'github:grace', reviewId: '82' },
      says: 'The review of github:grace is there and is not enough.',
    },
  ] as const)(
    'waits visibly, says who may resolve it, and goes on when the rule is satisfied: $says',
    async (given) => {
      world.ownReview = given.own;
      world.mergeAnswer = waits;
      await pass();
      expect(await taskNow()).toMatchObject({ status: 'approved', waiting: { kind: 'review', who: 'grace' } });
      const text = (await taskNow()).waiting?.text;
      expect(text).toContain('A review is required. ');
      expect(text).toContain('with write access');
      expect(text).toContain(given.says);
      world.mergeAnswer = null;
      await pass();
      expect(await taskNow()).toMatchObject({ status: 'merged', waiting: null });
    },
  );

  it('goes on without the review of somebody whose account is refused, and tells them once', async () => {
    world.ownReview = { outcome: 'missed', account: 'github:grace', reason: 'refused' };
    world.mergeAnswer = waits;
    await pass();
    await pass();
    expect(await bodiesOf('review.missed')).toMatchObject([
      { approver: 'grace', account: 'github:grace', reason: 'refused' },
    ]);
    const events = (await facts()).filter(({ type }) => type === 'review.missed');
    const views = { ...unitOfWork, clock, modelFor: async () => false, approvers: async () => ({ approvers: [] }) };
    const notices = (await postsFor(events, views)).filter(({ key }) => key.startsWith('review-missed:'));
    expect(notices).toMatchObject([{ thread: { kind: 'task', id: taskId }, mentions: ['grace'] }]);
    expect(notices[0]?.card.lead).toContain('Say **link github**');
    world.mergeAnswer = null;
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it('submits nothing for an approval that does not hold any more (C07, A20)', async () => {
    world.ownReview = { outcome: 'stands', account: 'github:grace', reviewId: '81' };
    world.headSha = NEW_HEAD;
    await pass();
    expect(world.effects).not.toContain('review by grace');
    await approve();
    world.approvers = ['linus'];
    await pass();
    expect(world.effects).not.toContain('review by grace');
  });
});

describe('an approval that was a review on the forge', () => {
  it('is void when that review does not stand any more (C07, I10)', async () => {
    taskId = await project.commit();
    await pass();
    const granted = { ...reviewCommands.approve, approvalId: `approval-${taskId}`, reviewId: '90' };
    const late = { ...granted, expiresAt: new Date(world.nowMs + HOUR_MS).toISOString() };
    await decideOnTask(
      { unitOfWork, clock },
      { taskId, actor: 'grace', lane: LANE, decide: (task, now) => decideReview(late, task, now) },
    );
    await pass();
    expect(await bodiesOf('approval.voided')).toMatchObject([{ reason: 'review-withdrawn', next: 'checked' }]);
    expect(await taskNow()).toMatchObject({ status: 'in-review', approval: null });
  });
});

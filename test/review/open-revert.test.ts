import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TaskBrief } from '#src/backlog/task-brief.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { systemClock } from '#src/ports/clock.ts';
import { openRevert } from '#src/review/open-revert.ts';
import { approveTask, rejectTask } from '#src/review/review-task.ts';
import type { ReviewDependencies } from '#src/review/review-task.ts';
import { replay } from '#persistence/replay.ts';
import { createFakeLine, createProject, LANE, passOn, type Project, SHOWN } from '#test/code-factory/floor.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';

let store: TestStore;
let project: Project;
let review: ReviewDependencies;
let taskId: string;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

beforeEach(async () => {
  review = {
    unitOfWork: store.unitOfWork,
    clock: systemClock,
    ids: { next: () => randomUUID() },
    forge: { closePullRequest: async () => {} },
    rightsFor: async () => ({ approvers: ['grace', 'linus'], forge: 'local' }),
    approvalExpiryHours: 72,
  };
  // A project each: its tasks are counted by the floor, and a revert takes the next number.
  project = await createProject(store.unitOfWork);
  taskId = await project.commit();
  await merge(taskId);
});

const pass = (id: string) => passOn(store.unitOfWork, createFakeLine().steps)(id);
async function merge(id: string): Promise<void> {
  await pass(id);
  const task = await loadTask(store.unitOfWork, id);
  const actor = task?.requester === 'grace' ? 'linus' : 'grace';
  await approveTask(review, { taskId: id, actor, lane: LANE, ...SHOWN });
  await pass(id);
}

const ask = (actor: string, id = taskId) => openRevert(review, { taskId: id, actor, lane: LANE });
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof FactoryError ? error.code : String(error)),
  );
const row = async (id: string) => {
  const found = await store.unitOfWork.tables.get('story_tasks', id);
  if (found === null) throw new Error(`no task ${id}`);
  return found;
};
const storyOf = async (id: string) => (await store.unitOfWork.tables.get('stories', (await row(id)).storyId))?.status;
const featureOf = async (id: string) => {
  const featureId = (await loadTask(store.unitOfWork, id))?.featureId ?? '';
  return (await store.unitOfWork.tables.get('features', featureId))?.status;
};
const reverts = () => store.unitOfWork.tables.find('story_tasks', { reverts: taskId });

describe('asking for a revert', () => {
  it('opens a task of its own, ready for the line, that names what it takes back', async () => {
    const opened = await ask('grace');
    const before = await row(taskId);
    expect(await row(opened.taskId)).toMatchObject({
      ...{ state: 'ready', reverts: taskId, revertedBy: null, storyId: before.storyId, requester: 'grace' },
      ...{ number: opened.number, points: 1, title: `Revert "${before.title}"` },
    });
    expect((await store.unitOfWork.outbox.pending(LANE, 10_000)).map((wake) => wake.taskId)).toContain(opened.taskId);
    const task = await loadTask(store.unitOfWork, opened.taskId);
    const brief = await store.unitOfWork.artifacts.get(task?.artifacts.brief ?? '');
    expect(brief === null ? null : TaskBrief.parse(contentOf(brief)).reverts).toEqual({
      ...{ number: before.number, title: before.title, mergedSha: before.mergedSha },
    });
    expect(await storyOf(taskId)).toBe('done');
  });

  it('opens one, however many press at once (C05)', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => codeOf(ask(index % 2 === 0 ? 'grace' : 'ada'))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'revert-under-way']));
    expect(await reverts()).toHaveLength(1);
  });

  it('takes the word of approvers and of the requester, and of nobody else (C07)', async () => {
    expect(await codeOf(ask('eve'))).toBe('not-an-approver');
    expect(await codeOf(ask('persona:tess'))).toBe('persona-cannot-approve');
    expect(await reverts()).toEqual([]);
    expect(await codeOf(ask('ada'))).toBe('done');
  });

  it('refuses what is not merged', async () => {
    const other = await project.commit();
    expect(await codeOf(ask('grace', other))).toBe('not-merged');
    await pass(other);
    expect(await codeOf(ask('grace', other))).toBe('not-merged');
    expect(await codeOf(ask('grace', randomUUID()))).toBe('no-such-task');
  });
});

describe('a revert that is merged', () => {
  it('marks the task that it took back, its story and its feature', async () => {
    const back = await ask('grace');
    await merge(back.taskId);
    expect(await row(taskId)).toMatchObject({ state: 'merged', revertedBy: back.taskId });
    expect(await storyOf(taskId)).toBe('reverted');
    expect(await featureOf(taskId)).toBe('reverted');
    expect(await featureOf(back.taskId)).toBe('done');
    expect(await codeOf(ask('grace'))).toBe('already-reverted');
  });

  it('can be taken back itself, as often as people change their minds', async () => {
    const back = await ask('grace');
    await merge(back.taskId);
    const again = await ask('grace', back.taskId);
    expect((await row(again.taskId)).title).toBe(`Reapply "${(await row(taskId)).title}"`);
    await merge(again.taskId);
    expect([(await row(taskId)).revertedBy, (await row(back.taskId)).revertedBy]).toEqual([null, again.taskId]);
    expect([await storyOf(taskId), await featureOf(taskId), await featureOf(back.taskId)]).toEqual([
      ...['done', 'done', 'reverted'],
    ]);
    const third = await ask('linus', again.taskId);
    await merge(third.taskId);
    const chain = await Promise.all([taskId, back.taskId, again.taskId].map(row));
    expect(chain.map(({ revertedBy }) => revertedBy)).toEqual([back.taskId, null, third.taskId]);
    expect(await storyOf(taskId)).toBe('reverted');
    expect((await replay(store.orm, { verify: true })).differences).toEqual([]);
  });
});

describe('a revert that comes to nothing', () => {
  it.each([
    [
      'stopped',
      (id: string) => controlTask(review, { taskId: id, actor: 'ada', lane: LANE, command: { type: 'stop' } }),
    ],
    ['rejected', (id: string) => rejectTask(review, { taskId: id, actor: 'linus', lane: LANE, reason: null })],
  ])('leaves the story as it was when it is %s, and can be asked for anew', async (_, end) => {
    const back = await ask('grace');
    await pass(back.taskId);
    await end(back.taskId);
    expect([await storyOf(taskId), await featureOf(taskId), (await row(taskId)).revertedBy]).toEqual([
      ...['done', 'done', null],
    ]);
    expect(await codeOf(ask('grace'))).toBe('done');
    expect(await reverts()).toHaveLength(2);
  });
});

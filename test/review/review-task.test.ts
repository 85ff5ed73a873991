import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notesOfEarlierTasks } from '#agents/tools/earlier-notes.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { PullRequestRef } from '#src/ports/forge.ts';
import { approveTask, rejectTask, requestChanges } from '#src/review/review-task.ts';
import type { ReviewDependencies } from '#src/review/review-task.ts';
import { createFakeLine, createProject, LANE, passOn, type Project, SHOWN } from '#test/code-factory/floor.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { randomUUID } from 'node:crypto';

let store: TestStore;
let project: Project;
let taskId: string;
let closed: PullRequestRef[];
let approvers: string[];
let review: ReviewDependencies;

beforeAll(async () => {
  store = await openTestStore();
  project = await createProject(store.unitOfWork);
});
afterAll(() => store.close());

beforeEach(async () => {
  closed = [];
  approvers = ['grace', 'linus'];
  review = {
    unitOfWork: store.unitOfWork,
    clock: systemClock,
    ids: { next: () => randomUUID() },
    forge: {
      async closePullRequest(_repo, pullRequest) {
        closed.push(pullRequest);
      },
    },
    rightsFor: async () => ({ approvers, forge: 'local' }),
    approvalExpiryHours: 72,
  };
  taskId = await project.commit();
  await passOn(store.unitOfWork, createFakeLine().steps)(taskId);
});

const typesOf = async () => (await store.unitOfWork.ledger.stream(`task:${taskId}`)).map(({ type }) => type);
const ask = (actor: string) => ({ taskId, actor, lane: LANE });
const codeOf = async (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof FactoryError ? error.code : String(error)),
  );

describe('approving', () => {
  it('grants one approval however many press at once (C05, A19)', async () => {
    const presses = Array.from({ length: 100 }, (_, index) =>
      approveTask(review, { ...ask(index % 2 === 0 ? 'grace' : 'linus'), ...SHOWN }),
    );
    const outcomes = await Promise.all(presses.map(codeOf));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'already-approved']));
    expect((await typesOf()).filter((type) => type === 'approval.granted')).toHaveLength(1);
    expect(await store.unitOfWork.tables.find('approvals', { taskId })).toHaveLength(1);
  });

  it('wakes the task, once for the press that counted', async () => {
    const wakes = async () =>
      (await store.unitOfWork.outbox.pending(LANE, 10_000)).filter((wake) => wake.taskId === taskId).length;
    const before = await wakes();
    await approveTask(review, { ...ask('grace'), ...SHOWN });
    await codeOf(approveTask(review, { ...ask('grace'), ...SHOWN }));
    expect(await wakes()).toBe(before + 1);
  });

  it('reads rights when it acts, and leaves no trace of a refusal (C07)', async () => {
    approvers = ['linus'];
    const before = await typesOf();
    expect(await codeOf(approveTask(review, { ...ask('grace'), ...SHOWN }))).toBe('not-an-approver');
    expect(await codeOf(approveTask(review, { ...ask('linus'), ...SHOWN, headSha: 'f'.repeat(40) }))).toBe(
      'card-is-stale',
    );
    expect(await typesOf()).toEqual(before);
  });

  it('lasts as long as the setting says', async () => {
    review.clock = { now: () => new Date('2026-11-20T09:00:00.000Z') };
    const task = await approveTask(review, { ...ask('grace'), ...SHOWN });
    expect(task.approval?.expiresAt).toBe('2026-11-23T09:00:00.000Z');
  });
});

describe('saying no', () => {
  it('rejects once, closes the pull request and gives the reason to whoever looks', async () => {
    await rejectTask(review, { ...ask('ada'), reason: 'We do not need it.' });
    expect(closed).toHaveLength(1);
    const event = (await store.unitOfWork.ledger.stream(`task:${taskId}`)).findLast(
      ({ type }) => type === 'pull-request.rejected',
    );
    expect((await store.unitOfWork.artifacts.get(event?.artifact ?? ''))?.content).toBe('We do not need it.');
    expect(await codeOf(rejectTask(review, { ...ask('ada'), reason: null }))).toBe('review-over');
    expect(closed).toHaveLength(1);
  });

  it('keeps why for later runs, in two lines; without a reason nothing is there to keep', async () => {
    await rejectTask(review, { ...ask('ada'), reason: ' We do not need it:\nuse the shop. ' });
    const notes = (await store.unitOfWork.ledger.stream(`task:${taskId}`)).filter(
      ({ type }) => type === 'memory.noted',
    );
    expect(notes).toHaveLength(1);
    const note = await store.unitOfWork.artifacts.get(notes[0]?.artifact ?? '');
    expect(note?.content).toMatch(/^Turned down by ada: ".+"\.\nRemember: We do not need it: use the shop\.\n$/);
    const { projectId } = (await loadTask(store.unitOfWork, taskId)) ?? { projectId: '' };
    const later = await notesOfEarlierTasks(store, { taskId: 'another', projectId });
    expect(later.map(({ text }) => text)).toContain(note?.content.trim());

    taskId = await project.commit();
    await passOn(store.unitOfWork, createFakeLine().steps)(taskId);
    await rejectTask(review, { ...ask('ada'), reason: ' ' });
    expect(await typesOf()).not.toContain('memory.noted');
  });

  it('does not close a pull request that somebody approved in the meantime', async () => {
    review.rightsFor = async () => {
      review.rightsFor = async () => ({ approvers, forge: 'local' });
      await approveTask(review, { ...ask('grace'), ...SHOWN });
      return { approvers, forge: 'local' };
    };
    expect(await codeOf(rejectTask(review, { ...ask('linus'), reason: null }))).toBe('already-approved');
    expect(closed).toEqual([]);
  });

  it('asks for changes and says what and by whom', async () => {
    await requestChanges(review, { ...ask('grace'), comment: 'Greet in French.', mend: false });
    const task = await loadTask(store.unitOfWork, taskId);
    expect(task).toMatchObject({ status: 'blocked', approval: null });
    expect((await store.unitOfWork.tables.get('story_tasks', taskId))?.waitingText).toBe(
      'grace asks for changes: Greet in French.',
    );
    expect(closed).toEqual([]);
  });
});

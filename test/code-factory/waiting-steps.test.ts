import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { controlTask } from '#src/code-factory/control-task.ts';
import { noticeStops } from '#src/code-factory/notice-stops.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { BudgetReached } from '#src/model-calls/budget-reached.ts';
import { systemClock } from '#src/ports/clock.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createFakeLine, createProject, LANE, passOn, type Project } from './floor.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

describe('a step that cannot think just now', () => {
  it.each(['model-key-refused', 'model-unknown', 'model-busy', 'model-quota', 'model-unreachable'] as const)(
    'waits for the model after %s, and is done again by the next pass: I9',
    async (code) => {
      const taskId = await project.commit();
      const broken = new ModelFailure(code, 'The model is away.', { fix: 'Look after it.', maySpend: false });
      const { steps, calls } = createFakeLine({ plan: () => Promise.reject(broken) });
      await passOn(unitOfWork, steps)(taskId);
      expect(calls.filter((name) => name === 'plan')).toHaveLength(1);
      const waiting = { kind: 'model', text: 'The model is away. Look after it.', budget: null };
      expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'scoped', waiting });
      await passOn(unitOfWork, steps)(taskId);
      const types = (await unitOfWork.ledger.stream(`task:${taskId}`)).map(({ type }) => type);
      expect(types.filter((type) => type === 'task.waiting')).toHaveLength(1);
      await passOn(unitOfWork, createFakeLine().steps)(taskId);
      expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'in-review', waiting: null });
    },
  );

  it.each(['model-window-too-small', 'model-request-refused'] as const)('is blocked after %s', async (code) => {
    const taskId = await project.commit();
    const broken = new ModelFailure(code, 'It will not do.', { fix: 'Take another.', maySpend: false });
    await passOn(unitOfWork, createFakeLine({ plan: () => Promise.reject(broken) }).steps)(taskId);
    expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'blocked' });
  });

  it('waits for its requester when a budget is used up, and names the budget: I9 C27', async () => {
    const taskId = await project.commit({ requester: 'linus' });
    const budget = { scope: 'task' as const, key: taskId };
    const reached = new BudgetReached('Task 3 has used 1.5 of its 1.5 million tokens.', budget);
    await passOn(unitOfWork, createFakeLine({ plan: () => Promise.reject(reached) }).steps)(taskId);
    expect(await loadTask(unitOfWork, taskId)).toMatchObject({
      status: 'scoped',
      waiting: { kind: 'budget', who: 'linus', text: expect.stringContaining('1.5 of its 1.5 million'), budget },
    });
    expect(await unitOfWork.tables.get('story_tasks', taskId)).toMatchObject({ waitingKind: 'budget' });
  });

  it('shows text that a database can hold, whatever a server said', async () => {
    const taskId = await project.commit();
    const odd = new ModelFailure('model-busy', 'Busy \ud83d\0.', { fix: 'Wait.', maySpend: false });
    await passOn(unitOfWork, createFakeLine({ plan: () => Promise.reject(odd) }).steps)(taskId);
    expect((await loadTask(unitOfWork, taskId))?.waiting?.text).toBe('Busy \ufffd\ufffd. Wait.');
  });
});

describe('a step that its forge does not let go on', () => {
  const failing = (code: string, retryable = false) =>
    new FactoryError(code, 'GitHub says no for 17 s.', { fix: 'Look there.', retryable });

  it.each([
    ['takes no more requests', failing('github-busy', true), 1, 'the forge'],
    ['refuses the token', failing('github-token-refused'), 1, 'the person who runs the workbench'],
    ['does not answer, also when tried again', failing('github-unreachable', true), 3, 'the forge'],
    ['has a fault, also when tried again', failing('github-refused', true), 3, 'the forge'],
  ])('waits in sight where it %s, and goes on by itself: I9 F22', async (_what, error, tries, who) => {
    const taskId = await project.commit();
    const { steps, calls } = createFakeLine({ branch: () => Promise.reject(error) });
    await passOn(unitOfWork, steps)(taskId);
    expect(calls.filter((name) => name === 'branch')).toHaveLength(tries);
    const waiting = { kind: 'repository', who };
    expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'claimed', waiting });
    // How long it still takes is no new fact.
    const later = new FactoryError(error.code, error.message.replace('17', '9'), error);
    if (error.code === 'github-busy') {
      await passOn(unitOfWork, createFakeLine({ branch: () => Promise.reject(later) }).steps)(taskId);
      const types = (await unitOfWork.ledger.stream(`task:${taskId}`)).map(({ type }) => type);
      expect(types.filter((type) => type === 'task.waiting')).toHaveLength(1);
    }
    await passOn(unitOfWork, createFakeLine().steps)(taskId);
    expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'in-review', waiting: null });
  });

  it('is blocked where waiting does not help', async () => {
    const taskId = await project.commit();
    const forbidden = failing('github-forbidden');
    await passOn(unitOfWork, createFakeLine({ branch: () => Promise.reject(forbidden) }).steps)(taskId);
    expect(await loadTask(unitOfWork, taskId)).toMatchObject({ status: 'blocked' });
  });
});

describe('a stop that this process records', () => {
  it.each(['stop', 'pause'] as const)('ends the running step without a look at the row: %s', async (type) => {
    const taskId = await project.commit();
    const notices = noticeStops(unitOfWork);
    const look = vi.spyOn(notices.unitOfWork.tables, 'get').mockReturnValue(new Promise(() => {}));
    let aborted = false;
    const { steps } = createFakeLine({
      build: async ({ signal }) => {
        const tools = { unitOfWork: notices.unitOfWork, clock: systemClock };
        await controlTask(tools, { taskId, actor: 'ada', lane: LANE, command: { type } });
        aborted = signal.aborted;
        signal.throwIfAborted();
        throw new Error('the signal did not fire');
      },
    });
    await passOn(notices.unitOfWork, steps, { onStop: notices.onStop })(taskId);
    look.mockRestore();
    expect(aborted).toBe(true);
  });

  it('tells nobody when it was not kept, nor those of other tasks, nor who no longer listens', async () => {
    const [one, other] = [await project.commit(), await project.commit()];
    const { unitOfWork: watched, onStop } = noticeStops(unitOfWork);
    const heard: string[] = [];
    onStop(one, () => heard.push('one'));
    onStop(other, () => heard.push('other'));
    const unlisten = onStop(one, () => heard.push('gone'));
    unlisten();
    const stop = (taskId: string, uow: UnitOfWork) =>
      controlTask(
        { unitOfWork: uow, clock: systemClock },
        { taskId, actor: 'ada', lane: LANE, command: { type: 'stop' } },
      );
    const failing = noticeStops<UnitOfWork>({
      ...unitOfWork,
      transact: async (work) => {
        await unitOfWork.transact(async (transaction) => {
          await work(transaction);
          throw new Error('lost');
        });
        throw new Error('lost');
      },
    });
    failing.onStop(one, () => heard.push('lost'));
    await expect(stop(one, failing.unitOfWork)).rejects.toThrow('lost');
    expect(heard).toEqual([]);
    await stop(one, watched);
    expect(heard).toEqual(['one']);
  });
});

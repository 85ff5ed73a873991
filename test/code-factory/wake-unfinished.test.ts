import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlTask } from '#src/code-factory/control-task.ts';
import { wakeUnfinished } from '#src/code-factory/wake-unfinished.ts';
import { systemClock } from '#src/ports/clock.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createProject, LANE } from './floor.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('a queue that lost everything is filled from what is not finished, and with nothing else (F04, I1, I9)', async () => {
  const { unitOfWork } = store;
  const project = await createProject(unitOfWork);
  const [open, stopped, other] = [await project.commit(), await project.commit(), await project.commit()];
  const command = { type: 'stop' } as const;
  await controlTask({ unitOfWork, clock: systemClock }, { taskId: stopped, actor: 'ada', lane: LANE, command });
  const woken = async () => (await unitOfWork.outbox.pending(LANE, 100)).map(({ taskId }) => taskId);
  const lose = async () => unitOfWork.outbox.sent((await unitOfWork.outbox.pending(LANE, 100)).map(({ id }) => id));

  await lose();
  expect(await woken()).toEqual([]);
  await wakeUnfinished(unitOfWork, LANE, 'all');
  expect((await woken()).toSorted()).toEqual([open, other].toSorted());

  await lose();
  await wakeUnfinished(unitOfWork, LANE, [other, stopped]);
  expect(await woken()).toEqual([other]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlTask, decideOnTask } from '#src/code-factory/control-task.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { startWaker } from '#src/code-factory/wake-waiting.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { closeByHand, createFakeLine, createProject, passOn, type Project } from './floor.ts';
import { stepMeta } from './life.ts';

const MINUTE_MS = 60_000;
let store: TestStore;
let project: Project;
let nowMs = Date.parse('2026-11-20T09:00:00.000Z');
const clock = { now: () => new Date(nowMs) };

beforeAll(async () => {
  store = await openTestStore();
  project = await createProject(store.unitOfWork);
});
afterAll(() => store.close());

async function waitingTask(kind: 'sandbox' | 'dirty-clone' | 'dependency' | 'budget'): Promise<string> {
  const taskId = await project.commit();
  await decideOnTask(
    { unitOfWork: store.unitOfWork, clock },
    {
      taskId,
      actor: 'factory',
      lane: 'elsewhere',
      decide: (task, meta) => decideStep({ type: 'wait', kind, who: 'ada', text: 'Waits.' }, task, stepMeta(0), meta),
    },
  );
  return taskId;
}

const wakes = async (lane: string) => (await store.unitOfWork.outbox.pending(lane, 1000)).map(({ taskId }) => taskId);

describe('looking after waiting tasks', () => {
  it('wakes those that wait for something outside, and rarer the longer it takes', async () => {
    const [sandbox, clone, dependent] = [
      await waitingTask('sandbox'),
      await waitingTask('dirty-clone'),
      await waitingTask('dependency'),
    ];
    const waker = startWaker({ unitOfWork: store.unitOfWork, clock, lane: 'own', log: silentLog });
    expect(await waker.look()).toBe(0);
    nowMs += MINUTE_MS;
    expect(await waker.look()).toBe(2);
    expect(new Set(await wakes('own'))).toEqual(new Set([sandbox, clone]));
    expect(await wakes('own')).not.toContain(dependent);
    expect(await waker.look()).toBe(0);
    nowMs += 20_000;
    expect(await waker.look()).toBe(2);
    nowMs += 600 * MINUTE_MS;
    expect(await waker.look()).toBe(2);
    nowMs += 9 * MINUTE_MS;
    expect(await waker.look()).toBe(0);
    nowMs += 2 * MINUTE_MS;
    expect(await waker.look()).toBe(2);
    await waker.stop();
  });

  it('wakes those that are in review on a forge, where people may merge, close and push', async () => {
    const elsewhere = await createProject(store.unitOfWork, 'github:acme/shop');
    const [there, here] = [await elsewhere.commit(), await project.commit()];
    for (const taskId of [there, here]) await passOn(store.unitOfWork, createFakeLine().steps, { clock })(taskId);
    const waker = startWaker({ unitOfWork: store.unitOfWork, clock, lane: 'reviews', log: silentLog });
    nowMs += 10_000;
    await waker.look();
    expect(await wakes('reviews')).not.toContain(there);
    nowMs += 10_000;
    await waker.look();
    expect(await wakes('reviews')).toContain(there);
    expect(await wakes('reviews')).not.toContain(here);
    await waker.stop();
  });

  it('wakes those whose pull request somebody closed there: they may open it again', async () => {
    const elsewhere = await createProject(store.unitOfWork, 'github:acme/shop');
    const [closed, other] = [await elsewhere.commit(), await elsewhere.commit()];
    const { steps } = createFakeLine();
    for (const taskId of [closed, other]) await passOn(store.unitOfWork, steps, { clock })(taskId);
    await closeByHand(store.unitOfWork, closed, { clock });
    await closeByHand(store.unitOfWork, other, { clock, mergedSha: 'e'.repeat(40) });
    const waker = startWaker({ unitOfWork: store.unitOfWork, clock, lane: 'closed', log: silentLog });
    nowMs += 20_000;
    await waker.look();
    expect(await wakes('closed')).toContain(closed);
    expect(await wakes('closed')).not.toContain(other);
    await waker.stop();
  });

  it('wakes what has a step to do and was not touched for long: the queue may have lost its wake (F04, I9)', async () => {
    const [lost, paused] = [await project.commit(), await project.commit()];
    const control = { actor: 'ada', lane: 'elsewhere', command: { type: 'pause' } } as const;
    await controlTask({ unitOfWork: store.unitOfWork, clock }, { taskId: paused, ...control });
    const committed = await store.unitOfWork.tables.get('story_tasks', lost);
    nowMs = Date.parse(committed?.updatedAt ?? '') + 14 * MINUTE_MS;
    const waker = startWaker({ unitOfWork: store.unitOfWork, clock, lane: 'lost', log: silentLog });
    await waker.look();
    expect(await wakes('lost')).not.toContain(lost);
    nowMs += 2 * MINUTE_MS;
    await waker.look();
    await waker.look();
    expect((await wakes('lost')).filter((id) => id === lost)).toHaveLength(1);
    expect(await wakes('lost')).not.toContain(paused);
    await waker.stop();
  });

  it('leaves a task alone whose budget is used up until the next day, whatever the hour: C27', async () => {
    nowMs = Date.parse('2026-11-25T20:00:00.000Z');
    const taskId = await waitingTask('budget');
    const waker = startWaker({ unitOfWork: store.unitOfWork, clock, lane: 'budgets', log: silentLog });
    const isWoken = async () => (await waker.look(), (await wakes('budgets')).includes(taskId));
    nowMs = Date.parse('2026-11-25T23:59:59.000Z');
    expect(await isWoken()).toBe(false);
    nowMs = Date.parse('2026-11-26T00:00:01.000Z');
    expect(await isWoken()).toBe(true);
    nowMs = Date.parse('2026-11-26T23:00:00.000Z');
    await waker.look();
    expect((await wakes('budgets')).filter((id) => id === taskId)).toHaveLength(1);
    await waker.stop();
  });
});

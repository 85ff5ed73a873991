import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raiseBudget } from '#src/model-calls/raise-budget.ts';
import type { CallScope } from '#src/model-calls/model-calls.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { answerOf, budgetsOf, createFakeModel, openCalls, PLAIN, requestOf, scopeOf } from './fake-model.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
});
afterAll(() => store.close());

const ids = createUuidV7();
const countedOf = async (taskId: string | null) =>
  (await unitOfWork.tables.find('model_calls', { taskId })).reduce((sum, row) => sum + row.countedTokens, 0);

/** What one call of `requestOf('x')` reserves. */
async function reserveOf(): Promise<number> {
  const scope = scopeOf();
  const model = createFakeModel(() => Promise.reject(new Error('no answer')));
  await openCalls(unitOfWork, { scope, model })
    .ask(requestOf('x'), PLAIN)
    .catch(() => {});
  return countedOf(scope.taskId);
}

/** The same database as another process sees it. */
async function asAnotherProcess<T>(work: (other: UnitOfWork) => Promise<T>): Promise<T> {
  const other = createUnitOfWork({ orm: store.orm, connection: store.database.connection, log: silentLog });
  try {
    return await work(other);
  } finally {
    await other.close();
  }
}

describe('budgets', () => {
  it('let one of two through who ask at once when there is room for one: C27 A27', async () => {
    const scope = scopeOf();
    const budgets = budgetsOf({ task: { tokens: Math.floor((await reserveOf()) * 1.5) } });
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const model = createFakeModel(async () => {
      await held;
      return answerOf('late');
    });
    await asAnotherProcess(async (other) => {
      const ask = (uow: UnitOfWork, persona: CallScope['persona']) =>
        openCalls(uow, { scope: { ...scope, persona }, model, budgets }).ask(requestOf('x'), PLAIN);
      const both = [ask(unitOfWork, 'mason'), ask(other, 'vera')];
      const refused = await Promise.race(both.map((one) => one.then(() => null).catch((error: unknown) => error)));
      expect(refused).toMatchObject({ code: 'budget-reached', scope: 'task', key: scope.taskId });
      release();
      const outcomes = await Promise.allSettled(both);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });
    expect(model.requests).toHaveLength(1);
  });

  it('stop a loop without end at the cap, and count on after a restart: C27 A27', async () => {
    const scope = scopeOf();
    const reserve = await reserveOf();
    const budgets = budgetsOf({ step: { tokens: reserve + 3 * 110 } });
    const model = createFakeModel();
    const loop = async (uow: UnitOfWork, attempt: number) => {
      const calls = openCalls(uow, { scope: { ...scope, attempt }, model, budgets });
      for (;;) await calls.ask(requestOf('x'), PLAIN);
    };
    await expect(loop(unitOfWork, 1)).rejects.toMatchObject({ code: 'budget-reached', scope: 'step' });
    expect(model.requests).toHaveLength(4);
    expect(await countedOf(scope.taskId)).toBeLessThanOrEqual(reserve + 3 * 110);
    await asAnotherProcess(async (other) => {
      await expect(loop(other, 1)).rejects.toMatchObject({ code: 'budget-reached' });
      expect(model.requests).toHaveLength(4);
      const today = () => new Date().toISOString().slice(0, 10);
      const before = today();
      const wider = budgetsOf({ day: { tokens: 1 } });
      const calls = openCalls(other, { scope: { ...scope, attempt: 2 }, model, budgets: wider });
      const refused: unknown = await calls.ask(requestOf('x'), PLAIN).catch((error: unknown) => error);
      expect(refused).toMatchObject({ scope: 'day' });
      // Midnight may fall in between.
      expect([before, today()]).toContain((refused as { key?: string }).key);
    });
    expect(model.requests).toHaveLength(4);
  });

  it('count time, tool calls and money, those of other steps too where the task counts', async () => {
    const scope = scopeOf();
    const model = createFakeModel(() =>
      answerOf('', { finish: 'tool-calls', toolCalls: [{ id: 'a', name: 'read', arguments: '{}' }] }),
    );
    const price = { inputUsd: 1000, outputUsd: 1000 };
    await openCalls(unitOfWork, { scope, model, price }).ask(requestOf('x'), { ...PLAIN, toolMs: 60_000 });
    const next = (caps: Parameters<typeof budgetsOf>[0]) =>
      openCalls(unitOfWork, { scope: { ...scope, step: 'build' }, price, budgets: budgetsOf(caps) });
    for (const task of [{ minutes: 1 }, { toolCalls: 1 }, { usd: 0.12 }]) {
      await expect(next({ task }).ask(requestOf('y'), PLAIN)).rejects.toMatchObject({ scope: 'task' });
    }
    await next({ step: { minutes: 1, toolCalls: 1, usd: 1 } }).ask(requestOf('y'), PLAIN);
  });

  it('do not stand in the way of what was answered before', async () => {
    const scope = scopeOf();
    await openCalls(unitOfWork, { scope }).ask(requestOf('x'), PLAIN);
    const calls = openCalls(unitOfWork, { scope, budgets: budgetsOf({ step: { tokens: 1 } }) });
    expect((await calls.ask(requestOf('x'), PLAIN)).text).toBe('to x');
  });

  it('allow as much again after a person said so, once for each time, and wake the task', async () => {
    const scope = scopeOf();
    const taskId = scope.taskId ?? '';
    const budgets = budgetsOf({ task: { tokens: await reserveOf() } });
    const ask = (ordinal: number) =>
      openCalls(unitOfWork, { scope: { ...scope, attempt: ordinal }, budgets }).ask(requestOf('x'), PLAIN);
    await ask(1);
    await expect(ask(2)).rejects.toMatchObject({ code: 'budget-reached' });
    const raise = { taskId, scope: 'task' as const, key: taskId, lane: 'raised' };
    await raiseBudget({ unitOfWork, clock: systemClock, ids }, { ...raise, actor: 'ada' });
    await ask(2);
    const pending = await unitOfWork.outbox.pending('raised', 10);
    expect(pending.map((wake) => wake.taskId)).toEqual([taskId]);
    expect(await unitOfWork.tables.find('budget_raises', { key: taskId })).toMatchObject([
      { actor: 'ada', scope: 'task' },
    ]);
  });

  it('are never raised by the factory itself', async () => {
    for (const actor of ['factory', 'persona:tess']) {
      const raise = { taskId: 't', scope: 'day' as const, key: '2026-11-21', actor, lane: 'x' };
      await expect(raiseBudget({ unitOfWork, clock: systemClock, ids }, raise)).rejects.toMatchObject({
        code: 'not-a-person',
      });
    }
  });
});

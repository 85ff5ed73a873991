import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { contentOfHeld } from '#src/reflection/digest/held.ts';
import { holdRetrospective } from '#src/reflection/digest/hold.ts';
import type { Turn } from '#src/reflection/digest/week.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { writeProject, writeTasks } from './week-in-store.ts';
import type { TaskOfWeek } from './week-in-store.ts';

const PROJECT = 'p';
const TURN: Turn = {
  week: '2026-W47',
  period: { from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z' },
};
const NEXT: Turn = { week: '2026-W48', period: { from: TURN.period.until, until: '2026-11-30T09:00:00.000Z' } };
const clock: Clock = { now: () => new Date('2026-11-23T09:01:00.000Z') };

const failing = (name: string) => ({
  test: name,
  text: `"${name}" passed before this change and fails now: AssertionError at src/cart/add.ts:3:4: expected 1 to equal 2`,
});
const day = (of: number, hour = 10) => `2026-11-${of}T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** Three tests fail in three tasks each. */
const ROUGH: TaskOfWeek[] = ['adds up', 'rounds half a cent up', 'keeps the order'].flatMap((name, kind) =>
  [0, 1, 2].map((index) => ({
    number: kind * 3 + index + 1,
    title: `Change ${kind * 3 + index + 1}`,
    committedAt: day(17 + kind, 8 + index * 3),
    fails: failing(`cart > ${name}`),
  })),
);

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
  await writeProject(store, PROJECT, 'Greeter', '2026-11-01T00:00:00.000Z');
});
afterEach(() => store.close());

const toolsOn = (unitOfWork: UnitOfWork = store.unitOfWork) => ({
  unitOfWork,
  clock,
  ids: { next: () => randomUUID() },
});
const hold = (turn = TURN, unitOfWork?: UnitOfWork) =>
  holdRetrospective(toolsOn(unitOfWork), { projectId: PROJECT, ...turn });
const heldEvents = () => store.unitOfWork.ledger.stream(`retrospectives:${PROJECT}`);
const rows = () => store.unitOfWork.tables.find('retrospectives', { projectId: PROJECT }, { orderBy: 'week' });
const lessons = () => store.unitOfWork.tables.find('lessons', { projectId: PROJECT }, { orderBy: 'number' });
const contentNow = async () => contentOfHeld(store.unitOfWork, (await rows()).at(-1));

/** A process that dies when it is about to write down the week. */
function dyingBeforeTheEnd(): UnitOfWork {
  const { unitOfWork } = store;
  return {
    ...unitOfWork,
    transact: (work) =>
      unitOfWork.transact((transaction) =>
        work({
          ...transaction,
          append(stream, ...rest) {
            if (stream.startsWith('retrospectives:')) throw new Error('killed');
            transaction.append(stream, ...rest);
          },
        }),
      ),
  };
}

describe('a week', () => {
  it('is looked back on once, and names the tasks whose words it holds', async () => {
    await writeTasks(store, PROJECT, [
      { number: 1, title: 'Greet by name', committedAt: day(18) },
      { number: 2, title: 'Of the week before', committedAt: day(12) },
    ]);
    expect(await hold()).toBe(true);
    expect(await hold()).toBe(false);
    const [event, ...others] = await heldEvents();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      actor: 'persona:moltbot',
      body: { week: '2026-W47', ...TURN.period, isQuiet: false, lessonIds: [], taskIds: ['p-task-1'] },
    });
    const content = await contentNow();
    expect(content?.retrospective).toMatchObject({ better: null, shipped: [{ number: 1, title: 'Greet by name' }] });
    expect(content?.markdown).toMatch(/^# 2026-W47\n\n\*\*Greeter, Nov 16 to Nov 23\*\*\n\n\*\*Shipped\*\*\n- 1 Greet/);
    expect(content?.details.map(({ title }) => title)).toEqual(['Where the time of the team went', 'In numbers']);
  });

  it('without anything to say is one line', async () => {
    expect(await hold()).toBe(true);
    expect(await rows()).toMatchObject([{ isQuiet: true, lessonIds: [] }]);
    expect((await contentNow())?.markdown.trim().split('\n').at(-1)).toContain('a quiet week');
  });

  it('does not say that nothing was merged where only the ideas are not known', async () => {
    await writeTasks(store, PROJECT, ROUGH.slice(0, 1));
    await hold();
    expect((await contentNow())?.retrospective.numbers.map(({ value }) => value)).toEqual(['1', '0 of 1', 'not known']);
  });

  it('is written down by one of two processes that come at once', async () => {
    await writeTasks(store, PROJECT, ROUGH.slice(0, 3));
    expect((await Promise.all([hold(), hold()])).filter(Boolean)).toHaveLength(1);
    expect(await heldEvents()).toHaveLength(1);
    expect(await lessons()).toHaveLength(1);
  });

  it('is written down once even where both had the lock', async () => {
    const unlocked: UnitOfWork = {
      ...store.unitOfWork,
      withLock: async (_key, work) => ({ ran: true, value: await work() }),
    };
    expect((await Promise.all([hold(TURN, unlocked), hold(TURN, unlocked)])).filter(Boolean)).toHaveLength(1);
    expect(await heldEvents()).toHaveLength(1);
  });

  it('whose words were erased is not told again, and does not keep the next from being told', async () => {
    await hold();
    await store.orm.em
      .fork()
      .getConnection()
      .execute("UPDATE artifacts SET content = NULL WHERE kind = 'retrospective'");
    expect(await contentNow()).toBeNull();
    expect(await hold()).toBe(false);
    expect(await hold(NEXT)).toBe(true);
  });
});

describe('the lessons of a week', () => {
  it('are at most two new ones, asked about once', async () => {
    await writeTasks(store, PROJECT, ROUGH);
    await hold();
    const asked = await lessons();
    expect(asked).toMatchObject([
      { number: 1, status: 'proposed', origin: 'evidence', proposedBy: 'persona:moltbot' },
      { number: 2, status: 'proposed', origin: 'evidence', proposedBy: 'persona:moltbot' },
    ]);
    expect((await rows())[0]?.lessonIds).toEqual(asked.map(({ id }) => id));
    const told = (await contentNow())?.retrospective.learned;
    expect(told).toMatchObject(asked.map(({ id, text }) => ({ lessonId: id, text, asks: 'accept' })));
    await hold(NEXT);
    expect((await rows())[1]?.lessonIds).not.toContain(asked[0]?.id);
  });

  it('are not offered again after a death between them and the week', async () => {
    await writeTasks(store, PROJECT, ROUGH);
    await expect(hold(TURN, dyingBeforeTheEnd())).rejects.toThrow('killed');
    const offered = (await lessons()).map(({ id }) => id);
    expect(offered).toHaveLength(2);
    expect(await rows()).toEqual([]);
    expect(await hold()).toBe(true);
    expect((await lessons()).map(({ id }) => id)).toEqual(offered);
    expect((await rows())[0]?.lessonIds).toEqual(offered);
  });
});

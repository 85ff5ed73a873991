import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordHalt } from '#src/code-factory/halt-watch.ts';
import type { Clock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { startRetrospectives } from '#src/reflection/digest/start.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { writeProject } from './week-in-store.ts';

let store: TestStore;
let now = '';
const clock: Clock = { now: () => new Date(now) };
const schedule = { cron: '0 9 * * 1', timeZone: 'Europe/Berlin' };

beforeEach(async () => {
  store = await openTestStore();
  await writeProject(store, 'p', 'Greeter', '2026-11-01T00:00:00.000Z');
});
afterEach(() => store.close());

/** One start of the factory that looks once. */
async function start(at: string): Promise<string[]> {
  now = at;
  const { unitOfWork } = store;
  const rounds = startRetrospectives(
    { unitOfWork, clock, ids: { next: () => randomUUID() }, log: silentLog },
    schedule,
  );
  await rounds.settle();
  await rounds.stop();
  const held = await unitOfWork.tables.find('retrospectives', { projectId: 'p' }, { orderBy: 'week' });
  return held.map(({ week }) => week);
}

it('holds a week when its time has come, once over many starts, and the last of those that were slept through', async () => {
  expect(await start('2026-11-16T08:00:00.000Z')).toEqual(['2026-W46']);
  expect(await start('2026-11-23T07:59:00.000Z')).toEqual(['2026-W46']);
  expect(await start('2026-11-23T08:00:00.000Z')).toEqual(['2026-W46', '2026-W47']);
  expect(await start('2026-11-24T08:00:00.000Z')).toEqual(['2026-W46', '2026-W47']);
  expect(await start('2026-12-31T12:00:00.000Z')).toEqual(['2026-W46', '2026-W47', '2026-W52']);
});

it('says nothing while the factory is halted, and then what came due meanwhile', async () => {
  const tools = { unitOfWork: store.unitOfWork, clock };
  now = '2026-11-22T12:00:00.000Z';
  await recordHalt(tools, { type: 'halt', reason: null, actor: 'ada', originId: null });
  expect(await start('2026-11-23T09:00:00.000Z')).toEqual([]);
  await recordHalt(tools, { type: 'resume', actor: 'ada', originId: null });
  expect(await start('2026-11-23T10:00:00.000Z')).toEqual(['2026-W47']);
});

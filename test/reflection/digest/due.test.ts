import { describe, expect, it } from 'vitest';
import type { ProjectRow } from '#src/ledger/rows.ts';
import { dueRetrospectives } from '#src/reflection/digest/due.ts';
import { tablesOf } from '../planted/tables.ts';

const schedule = { cron: '0 9 * * 1', timeZone: 'UTC' };
const MONDAY = '2026-11-23T09:00:00.000Z';

const madeAt = (id: string, createdAt: string): Partial<ProjectRow> => ({ id, createdAt });
const due = async (now: string, projects: Partial<ProjectRow>[], held: { projectId: string; week: string }[] = []) => {
  const found = await dueRetrospectives(
    { tables: tablesOf({ projects, retrospectives: held }) },
    schedule,
    new Date(now),
  );
  return found.map(({ projectId, week }) => `${projectId} ${week}`);
};

describe('what is due', () => {
  it('is the week of each project, from its turn until it was looked back on', async () => {
    const projects = [madeAt('a', '2026-01-01T00:00:00.000Z'), madeAt('b', '2026-02-01T00:00:00.000Z')];
    expect(await due('2026-11-23T08:59:59.999Z', projects, [{ projectId: 'a', week: '2026-W46' }])).toEqual([
      'b 2026-W46',
    ]);
    expect(await due(MONDAY, projects)).toEqual(['a 2026-W47', 'b 2026-W47']);
    expect(await due('2026-11-27T12:00:00.000Z', projects, [{ projectId: 'a', week: '2026-W47' }])).toEqual([
      'b 2026-W47',
    ]);
  });

  it('is only the last week of those that were missed', async () => {
    const project = madeAt('a', '2026-01-01T00:00:00.000Z');
    expect(await due('2026-11-25T12:00:00.000Z', [project], [{ projectId: 'a', week: '2026-W40' }])).toEqual([
      'a 2026-W47',
    ]);
  });

  it.each([
    ['a whole week before the turn', '2026-11-16T09:00:00.000Z', ['a 2026-W47']],
    ['a minute less', '2026-11-16T09:01:00.000Z', []],
    ['after the turn', '2026-11-23T10:00:00.000Z', []],
  ])('is nothing for a project until it had a whole week: made %s', async (_when, createdAt, weeks) => {
    expect(await due('2026-11-24T12:00:00.000Z', [madeAt('a', createdAt)])).toEqual(weeks);
  });
});

import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { lastTurnOf } from '#src/retro-schedule.ts';
import type { RetroSchedule } from '#src/retro-schedule.ts';
import { turnAt } from './week.ts';
import type { Turn } from './week.ts';

/**
 * The projects whose week is to be looked back on now: for each the last turn that came, if that week was not looked back
 * on. Turns before it that were missed stay missed. A project waits for the first turn that covers a whole week of it.
 */
export async function dueRetrospectives(
  { tables }: Pick<UnitOfWork, 'tables'>,
  schedule: RetroSchedule,
  now: Date,
): Promise<(Turn & { projectId: string })[]> {
  const turn = turnAt(lastTurnOf(schedule, now), schedule.timeZone);
  const projects = await tables.find('projects', {}, { orderBy: 'createdAt' });
  const old = projects.filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(turn.period.from));
  if (old.length === 0) return [];
  const held = await tables.find('retrospectives', { week: turn.week });
  const done = new Set(held.map(({ projectId }) => projectId));
  return old.filter(({ id }) => !done.has(id)).map(({ id }) => ({ projectId: id, ...turn }));
}

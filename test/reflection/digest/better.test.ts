import { expect, it } from 'vitest';
import { lookBack, tell } from '#src/reflection/digest/look-back.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import { plantLessons } from '#test/reflection/planted/plant-lessons.ts';
import type { Fate } from '#test/reflection/planted/plant-lessons.ts';

const WEEK_MS = 7 * 86_400_000;

async function told(...fates: [Fate, ...Fate[]]): Promise<string> {
  const planted = await plantLessons({ seed: 7, tasksAWeek: 24, weeksBefore: 6, weeksSince: 5, fates });
  const { ledger, tables, projectId, now } = planted;
  const period = { from: new Date(now.getTime() - WEEK_MS).toISOString(), until: now.toISOString() };
  const unitOfWork = { tables, artifacts: ledger.artifacts };
  const back = await lookBack(unitOfWork, await readHistories(ledger), { projectId, period });
  const { retrospective } = await tell(unitOfWork, back, { asked: [] });
  return renderRetrospective(retrospective, (text) => text);
}

it('a week opens with what got better because of an accepted lesson, with counts', async () => {
  const [, before = '', of = '', since = '', ofSince = ''] =
    /^\*\*[^\n]+\*\*\n\nBetter: “[^”]+ holds” failed in (\d+) of (\d+) tasks before lesson 2, and in (\d+) of (\d+) since/.exec(
      await told('does-nothing', 'works'),
    ) ?? [];
  expect(Number(before) / Number(of)).toBeGreaterThan(2 * (Number(since) / Number(ofSince)));
});

it('a week says of no lesson that it helped where none did', async () => {
  expect(await told('does-nothing', 'noise')).not.toContain('Better');
});

import { openWorkbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import { lookBack, openLessons, tell } from '#src/reflection/digest/look-back.ts';
import { markdownLine } from '#src/reflection/markdown-line.ts';
import { lastWeek } from '#src/reflection/period.ts';
import type { Period } from '#src/reflection/period.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import { chooseProjects } from './choose-projects.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

export const retroCommand: Command = {
  name: 'retro',
  usage: 'retro [--project NAME] [--since DATE]',
  summary: 'What a project shipped, what hurt and what to try: of the last seven days, or since a day.',
  async run({ argv, config, host }) {
    const options = { project: { type: 'string' }, since: { type: 'string' } } as const;
    const { values } = parseWords(argv, this.usage, options, { min: 0, max: 0 });
    const workbench = await openWorkbench(config, host);
    try {
      const { unitOfWork, clock } = workbench;
      const period = periodOf(values.since, clock.now());
      const projects = chooseProjects(
        await unitOfWork.tables.find('projects', {}, { orderBy: 'slug' }),
        values.project,
      );
      const reading = await readHistories(unitOfWork.ledger);
      const told = await Promise.all(
        projects.map(async ({ id }) => {
          const back = await lookBack(unitOfWork, reading, { projectId: id, period });
          const { retrospective } = await tell(unitOfWork, back, { asked: openLessons(back.lessons) });
          return { analysis: back.analysis, retrospective };
        }),
      );
      return {
        document: told.map(({ analysis, retrospective }) => ({ ...retrospective, analysis })),
        lines: told.map(({ retrospective }) => renderRetrospective(retrospective, markdownLine)),
        exitCode: 0,
      };
    } finally {
      await workbench.close();
    }
  },
};

/** A day as people write it, at midnight UTC; or a whole moment. */
function periodOf(since: string | undefined, now: Date): Period {
  if (since === undefined) return lastWeek(now);
  const from = /^\d{4}-\d\d-\d\d(?:T.*)?$/.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(from) || from >= now.getTime()) {
    throw new FactoryError('usage', `“${since}” is no day in the past.`, { fix: 'Write it as 2026-11-01.' });
  }
  return { from: new Date(from).toISOString(), until: now.toISOString() };
}

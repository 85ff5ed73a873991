import { openWorkbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import { findRun } from '#src/reflection/find-run.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { storyLines } from '#src/reflection/story-lines.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

export const replayCommand: Command = {
  name: 'replay',
  usage: 'replay [TASK|RUN] [--at EVENT] [--verify]',
  summary: 'Tell a run from the ledger; with --verify, rebuild the tables from it and compare them column for column.',
  async run({ argv, config, host }) {
    const options = { verify: { type: 'boolean' }, at: { type: 'string' } } as const;
    const { positionals, values } = parseWords(argv, this.usage, options, { min: 0, max: 1 });
    const at = values.at === undefined ? undefined : eventNumber(values.at, this.usage);
    const workbench = await openWorkbench(config, host);
    try {
      const { unitOfWork } = workbench;
      const run = positionals[0] === undefined ? null : await findRun(unitOfWork.tables, positionals[0]);
      const story = run === null ? null : await tellRun(unitOfWork, run, at);
      const verify = values.verify ?? false;
      const replay = await workbench.replay({ run, verify });
      const found = replay.differences.map(
        ({ table, id, column, ledger, row }) =>
          `${table} ${id} ${column}: the ledger says ${JSON.stringify(ledger)}, the row says ${JSON.stringify(row)}`,
      );
      const counted = `${replay.events} events replayed${verify ? `, ${replay.differences.length} differences` : ''}.`;
      return {
        document: story === null ? replay : { ...replay, story },
        lines: [...(story === null ? [] : storyLines(story)), counted, ...found],
        exitCode: replay.differences.length === 0 ? 0 : 1,
      };
    } finally {
      await workbench.close();
    }
  },
};

function eventNumber(text: string, usage: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FactoryError('usage', `“${text}” is no number of an event.`, { fix: `Use: workbench ${usage}` });
}

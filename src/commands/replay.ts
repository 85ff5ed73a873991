import { openWorkbench } from '#src/compose.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

export const replayCommand: Command = {
  name: 'replay',
  usage: 'replay [RUN] [--verify]',
  summary: 'Rebuild every table from the ledger and compare, column for column.',
  async run({ argv, config, host }) {
    const { positionals, values } = parseWords(argv, this.usage, { verify: { type: 'boolean' } }, { min: 0, max: 1 });
    const workbench = await openWorkbench(config, host);
    try {
      const verify = values.verify ?? false;
      const replay = await workbench.replay({ run: positionals[0] ?? null, verify });
      const found = replay.differences.map(
        ({ table, id, column, ledger, row }) =>
          `${table} ${id} ${column}: the ledger says ${JSON.stringify(ledger)}, the row says ${JSON.stringify(row)}`,
      );
      return {
        document: replay,
        lines: [
          `${replay.events} events replayed${verify ? `, ${replay.differences.length} differences` : ''}.`,
          ...found,
        ],
        exitCode: replay.differences.length === 0 ? 0 : 1,
      };
    } finally {
      await workbench.close();
    }
  },
};

import { openWorkbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

export const ledgerCommand: Command = {
  name: 'ledger',
  usage: 'ledger verify',
  summary: 'Walk the whole ledger and check its chain.',
  async run({ argv, config, host }) {
    const { positionals } = parseWords(argv, this.usage, {}, { min: 1, max: 1 });
    if (positionals[0] !== 'verify')
      throw new FactoryError('usage', `The ledger has no "${positionals[0]}".`, {
        fix: `Use: workbench ${this.usage}`,
      });
    const workbench = await openWorkbench(config, host);
    try {
      const verdict = await workbench.verifyLedger();
      const line = verdict.verified
        ? `${verdict.events} events, the chain holds. Head ${verdict.head.seq}:${verdict.head.hash}`
        : `The chain is broken at event ${verdict.firstBad?.seq}: ${verdict.firstBad?.reason}.`;
      return { document: verdict, lines: [line], exitCode: verdict.verified ? 0 : 1 };
    } finally {
      await workbench.close();
    }
  },
};

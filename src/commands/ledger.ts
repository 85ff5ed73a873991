import path from 'node:path';
import { readAnchors } from '#infra/anchor/anchor-file.ts';
import { openWorkbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import { anchorLine, parseAnchor } from '#src/ledger/anchor.ts';
import type { LedgerAnchor } from '#src/ledger/anchor.ts';
import type { LedgerVerdict } from '#src/ledger/verdict.ts';
import type { Command, CommandResult } from './command.ts';
import { parseWords } from './parse.ts';

export const ledgerCommand: Command = {
  name: 'ledger',
  usage: 'ledger verify [--anchor FILE|SEQ:HASH] | ledger anchor',
  summary: 'Walk the whole ledger and check its chain; or print its head, to be kept elsewhere and verified against.',
  async run({ argv, config, cwd, host }) {
    const { positionals, values } = parseWords(argv, this.usage, { anchor: { type: 'string' } }, { min: 1, max: 1 });
    const [word] = positionals;
    if (word !== 'verify' && word !== 'anchor')
      throw new FactoryError('usage', `The ledger has no "${word}".`, { fix: `Use: workbench ${this.usage}` });
    const given = values.anchor === undefined ? [] : await anchorsOf(values.anchor, cwd);
    const workbench = await openWorkbench(config, host);
    try {
      const verdict = await workbench.verifyLedger(given);
      return word === 'verify' || !verdict.verified ? verified(verdict) : anchored(verdict, workbench.clock.now());
    } finally {
      await workbench.close();
    }
  },
};

function verified(verdict: LedgerVerdict): CommandResult {
  const { events, head, anchors, firstBad } = verdict;
  const line = verdict.verified
    ? `${events} events, the chain holds, and so do ${anchors} anchors. Head ${head.seq}:${head.hash}`
    : `The chain is broken at event ${firstBad?.seq}: ${firstBad?.reason}.`;
  return { document: verdict, lines: [line], exitCode: verdict.verified ? 0 : 1 };
}

function anchored({ head }: LedgerVerdict, now: Date): CommandResult {
  const anchor = { at: now.toISOString(), ...head };
  return { document: anchor, lines: [anchorLine(anchor)], exitCode: 0 };
}

/** One anchor as it was printed, else a file of them. */
async function anchorsOf(word: string, cwd: string): Promise<readonly LedgerAnchor[]> {
  const anchor = parseAnchor(word);
  return anchor === null ? readAnchors(path.resolve(cwd, word)) : [anchor];
}

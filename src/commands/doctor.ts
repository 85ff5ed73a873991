import { installBubblewrap } from '#infra/sandbox/install.ts';
import { openWorkbench } from '#src/compose.ts';
import type { Command } from './command.ts';
import { parseWords } from './parse.ts';

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const;

export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--fix]',
  summary: 'Try everything that the workbench stands on; with --fix, put right what it can.',
  async run({ argv, config, host }) {
    const { values } = parseWords(argv, this.usage, { fix: { type: 'boolean' } }, { min: 0, max: 0 });
    const workbench = await openWorkbench(config, host);
    try {
      const desk = workbench.createDesk();
      let checks = await desk.doctor();
      const done: string[] = [];
      if (values.fix === true && checks.some(({ name, state }) => name === 'sandbox' && state === 'missing')) {
        const outcome = await installBubblewrap();
        done.push(outcome.ok ? `Ran: ${outcome.ran}` : `${outcome.reason} ${outcome.fix}`);
        checks = await desk.doctor();
      }
      const ok = checks.every(({ state }) => state !== 'missing');
      return {
        document: { ok, checks: checks.map(({ name, state, detail, fix }) => ({ name, state, detail, fix })) },
        lines: [
          ...workbench.notes,
          ...done,
          ...checks.map(
            ({ name, state, detail, fix }) => `${MARKS[state]} ${name}: ${detail}${fix === null ? '' : ` ${fix}`}`,
          ),
        ],
        exitCode: ok ? 0 : 1,
      };
    } finally {
      await workbench.close();
    }
  },
};

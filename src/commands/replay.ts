import { openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { findRun } from '#src/reflection/find-run.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { storyLines } from '#src/reflection/story-lines.ts';
import type { Wish } from '#src/reflection/what-if/change.ts';
import { whatIfLines } from '#src/reflection/what-if/what-if-lines.ts';
import type { Command, CommandResult } from './command.ts';
import { notUnderstood, parseWords } from './parse.ts';
import { listenForStop } from './stop-signal.ts';
import { readWish, whatIfOptions } from './what-if-wish.ts';

export const replayCommand: Command = {
  name: 'replay',
  usage:
    'replay [TASK|RUN] [--at EVENT] [--verify] [--with lesson:N | --without lesson:N | --prompt FILE [--persona NAME[:STEP]] | --model NAME]',
  summary:
    'Tell a run from the ledger; with --verify, rebuild the tables from it and compare them column for column; with one thing changed, think it through again and show what would have differed.',
  async run({ argv, config, host, cwd }) {
    const options = { verify: { type: 'boolean' }, at: { type: 'string' }, ...whatIfOptions } as const;
    const { positionals, values } = parseWords(argv, this.usage, options, { min: 0, max: 1 });
    const at = values.at === undefined ? undefined : eventNumber(values.at, this.usage);
    const wish = await readWish(values, cwd, this.usage);
    const [wanted] = positionals;
    if (wish !== null && (wanted === undefined || at !== undefined || values.verify === true)) {
      throw notUnderstood('a change needs one run, and neither --at nor --verify', this.usage);
    }
    const stop = wish === null ? null : listenForStop();
    const workbench = await openWorkbench(config, host);
    try {
      const run = wanted === undefined ? null : await findRun(workbench.unitOfWork.tables, wanted);
      if (wish !== null && run !== null && stop !== null) return await changed(workbench, run, wish, stop);
      return await told(workbench, run, { at, verify: values.verify ?? false });
    } finally {
      await workbench.close();
    }
  },
};

async function changed(workbench: Workbench, runId: string, wish: Wish, stop: AbortSignal): Promise<CommandResult> {
  const document = await workbench.whatIf({ runId, wish }, stop);
  return { document, lines: whatIfLines(document), exitCode: 0 };
}

async function told(
  { unitOfWork, replay: rebuild }: Workbench,
  run: string | null,
  { at, verify }: { at: number | undefined; verify: boolean },
): Promise<CommandResult> {
  const story = run === null ? null : await tellRun(unitOfWork, run, at);
  const replay = await rebuild({ run, verify });
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
}

function eventNumber(text: string, usage: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw notUnderstood(`“${text}” is no number of an event`, usage);
}

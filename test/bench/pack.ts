import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { contentOf } from '#src/ledger/artifact.ts';
import type { ContextPack } from '#src/context-pack/pack.ts';
import { packParts } from '#src/context-pack/pack.ts';
import { lookInside } from '#test/e2e/support/look-inside.ts';
import { noCode, WRITE } from '#test/e2e/support/model-runs.ts';
import { runFile } from '#test/e2e/support/runs.ts';
import { chatgptConversation, nodeProject, writeExport } from '#test/e2e/support/talk.ts';
import { createTestWorkbench, PROJECT_ROOT } from '#test/e2e/support/workbench.ts';
import type { TestWorkbench } from '#test/e2e/support/workbench.ts';
import { gitIn, writeFiles } from '#test/support/repository.ts';
import { startScriptedModel } from '#test/support/scripted-model.ts';
import { createTeam } from '#test/support/scripted-team.ts';
import type { Measure, Table } from './table.ts';
import { show } from './table.ts';

type Pack = ContextPack & { persona: string; step: string; budgetTokens: number };

/** This project's own source (not the personas': the scripted team tells its moves by their words) with checks that are quick, so that there is something to choose from. */
function repositoryIn(folder: string): string {
  const repository = path.join(folder, 'project');
  mkdirSync(repository);
  const archive = execFileSync('git', ['archive', 'HEAD', 'src', 'persistence', 'infra'], {
    cwd: PROJECT_ROOT,
    maxBuffer: 100_000_000,
  });
  execFileSync('tar', ['-x', '-C', repository], { input: archive });
  writeFiles(repository, nodeProject);
  gitIn(repository, 'init', '-q');
  gitIn(repository, 'add', '-A');
  gitIn(repository, 'commit', '-q', '-m', 'The project');
  return repository;
}

async function packsOf(workbench: TestWorkbench): Promise<Pack[]> {
  const model = await startScriptedModel(createTeam());
  try {
    const talk = writeExport(workbench.folder, 'Doubling.json', chatgptConversation('Doubling', noCode));
    const env = { OPENAI_MODEL: 'scripted', OPENAI_BASE_URL: model.url };
    const ran = await runFile(workbench, talk, repositoryIn(workbench.folder), WRITE, { env });
    if (ran.exitCode !== 0) throw new Error(`the run ended with ${ran.exitCode}: ${JSON.stringify(ran.tasks)}`);
  } finally {
    await model.close();
  }
  return lookInside(workbench, async ({ artifacts }) =>
    artifacts.filter(({ kind }) => kind === 'context-pack').map((artifact) => contentOf(artifact) as Pack),
  );
}

/** What each step of a whole task gives its persona to read, part by part. */
export const packMeasure: Measure = {
  name: 'pack',
  async run(): Promise<Table[]> {
    const workbench = await createTestWorkbench();
    try {
      const packs = await packsOf(workbench);
      const tokensOf = (pack: Pack, wanted: string) => pack.parts.find(({ part }) => part === wanted)?.tokens ?? 0;
      return [
        {
          title: 'tokens of a context pack by part, a task on this project’s own source',
          columns: ['step', 'persona', 'budget', 'in all', ...packParts],
          rows: packs.map((pack) => [
            pack.step,
            pack.persona,
            show(pack.budgetTokens, 0),
            show(pack.tokens, 0),
            ...packParts.map((part) => show(tokensOf(pack, part), 0)),
          ]),
          note: 'Estimated tokens (`estimateTokens`). A pack takes half of the window at most, and never over 32,000.',
        },
      ];
    } finally {
      await workbench.remove();
    }
  },
};

import { describe, expect, it } from 'vitest';
import { rulesAt } from '#agents/tools/repository.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { temporaryFolder, workingClone } from '#test/support/repository.ts';

const CONTEXT = 'factory/context/project-context.json';

async function rulesOf(files: Record<string, string>) {
  const { path } = workingClone({ 'README.md': '# Example\n', ...files });
  const workspace = createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog });
  const repo = { id: 'project-1', path, baseBranch: 'main' };
  return rulesAt({ workspace }, repo, (await workspace.refresh(repo)).baseSha);
}

describe('what a repository says of itself', () => {
  it('is read from factory.yaml, else from project-context.json', async () => {
    expect(await rulesOf({})).toBeNull();
    expect(await rulesOf({ [CONTEXT]: '{"rung": 2}' })).toMatchObject({ rung: 2 });
    expect(await rulesOf({ [CONTEXT]: '{"rung": 2}', 'factory.yaml': 'goal: Greet.' })).toMatchObject({
      rung: null,
      runNotes: false,
      retrospectives: false,
      context: { goal: 'Greet.' },
    });
  });

  it('is refused by the name of its file', async () => {
    await expect(rulesOf({ [CONTEXT]: '{"rung": 9}' })).rejects.toMatchObject({
      code: 'factory-yaml-invalid',
      message: expect.stringContaining(`${CONTEXT} cannot be used:\nline 1:10 `),
    });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPolicy } from '#agents/tools/import-policy.ts';
import { planCi } from '#infra/ci/plan.ts';
import { CI_BRANCH } from '#infra/ci/propose.ts';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { sandboxWork, temporaryFolder, workingClone } from '#test/support/repository.ts';

const ROOT = join(import.meta.dirname, '../../..');

async function open() {
  const clone = workingClone({ 'package.json': '{"scripts": {"test": "node --test"}}' });
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog });
  const repo = { id: 'project-1', path: clone.path, baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  return { clone, workspace, repo, baseSha, forge: createLocalForge({ mirrorsDir, log: silentLog }) };
}

describe('what ci init may write, a task may not', () => {
  it('not to its branch (C22)', async () => {
    const { forge, repo, baseSha, clone } = await open();
    const refused = { code: 'branch-refused' };
    await expect(forge.createBranch(repo, CI_BRANCH, baseSha)).rejects.toMatchObject(refused);
    await expect(forge.push(repo, CI_BRANCH, baseSha, baseSha)).rejects.toMatchObject(refused);
    expect(clone.head(`refs/heads/${CI_BRANCH}`)).toBeNull();
  });

  it('not the very same files (C23)', async () => {
    const { workspace, repo, baseSha, clone } = await open();
    const readText = async () => '{"scripts": {"test": "node --test"}}';
    const { files } = await planCi({ fileNames: ['package.json'], readText, rules: null, owners: ['@ana'] });
    const bundle = sandboxWork(clone, (sandbox) => sandbox.commit(Object.fromEntries(files)));
    const work = workspace.importBundle(repo, { ...bundle, baseSha, policy: importPolicy(null) });
    await expect(work).rejects.toMatchObject({
      code: 'import-refused',
      findings: [...files.keys()].toSorted().map((path) => expect.objectContaining({ kind: 'protected-path', path })),
    });
  });

  it('only the command has it in hand', () => {
    const rooms = ['src', 'bots', 'agents', 'persistence', 'infra'];
    const users = rooms
      .flatMap((room) =>
        readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((f) => `${room}/${f}`),
      )
      .filter((file) => file.endsWith('.ts') && !file.startsWith('infra/ci/'))
      .filter((file) => /['"](?:#infra|[./]+(?:infra)?)\/ci\//.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(users).toEqual(['src/commands/ci.ts']);
  });
});

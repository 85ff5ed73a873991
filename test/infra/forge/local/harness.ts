import { join } from 'node:path';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { ForgeHarness } from '#test/contracts/forge.ts';
import { bareRepository, gitIn, type TestRepository, temporaryFolder, writeFiles } from '#test/support/repository.ts';
import { mirrorWork } from '../mirror-work.ts';

export interface LocalHarness extends ForgeHarness {
  mirrorsDir: string;
  repository: TestRepository;
}

/** The local forge and workspace over one store, with `repository` behind them. */
export async function localHarness(repository: TestRepository = bareRepository()): Promise<LocalHarness> {
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog });
  const repo: RepositoryRef = { id: 'project-1', path: repository.path, baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  return {
    forge: createLocalForge({ mirrorsDir, log: silentLog }),
    mirrorsDir,
    repository,
    repo,
    baseSha,
    ...mirrorWork({ mirrorsDir, workspace }, repo),
    head: async (branch) => repository.head(`refs/heads/${branch}`),
    async personCommits(branch, files) {
      const folder = temporaryFolder();
      gitIn(folder, 'clone', '-q', repository.path, 'person');
      const clone = join(folder, 'person');
      if (repository.head(`refs/heads/${branch}`)) gitIn(clone, 'checkout', '-q', '-B', branch, `origin/${branch}`);
      else gitIn(clone, 'checkout', '-q', '-B', branch);
      writeFiles(clone, files);
      gitIn(clone, 'add', '-A');
      gitIn(clone, 'commit', '-q', '-m', 'by a person');
      gitIn(clone, 'push', '-q', 'origin', `HEAD:refs/heads/${branch}`);
      return gitIn(clone, 'rev-parse', 'HEAD').trim();
    },
    async personDeletes(branch) {
      repository.git('update-ref', '-d', `refs/heads/${branch}`);
    },
  };
}

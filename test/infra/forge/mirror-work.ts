import { join } from 'node:path';
import { openMirror } from '#infra/git/mirror.ts';
import { silentLog } from '#src/ports/log.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import type { ForgeHarness } from '#test/contracts/forge.ts';
import { bareRepository, gitIn, sandboxWork, temporaryFolder, type TestRepository } from '#test/support/repository.ts';

/** What the factory does in its own mirror, the same for every forge. */
export function mirrorWork(
  { mirrorsDir, workspace }: { mirrorsDir: string; workspace: Workspace },
  repo: RepositoryRef,
): Pick<ForgeHarness, 'work' | 'merge' | 'tree'> {
  return {
    async work(parentSha, files) {
      const folder = temporaryFolder();
      await workspace.bundleOut(repo, { start: parentSha }, join(folder, 'out.bundle'));
      gitIn(folder, 'clone', '-q', '--bare', 'out.bundle', 'start.git');
      const start: TestRepository = { ...bareRepository(), path: join(folder, 'start.git') };
      const bundle = sandboxWork(start, (sandbox) => sandbox.commit(files));
      const policy = { protectedPaths: [], maxFiles: 100, maxBytes: 1_000_000 };
      return (await workspace.importBundle(repo, { ...bundle, baseSha: parentSha, policy })).headSha;
    },
    async merge(baseSha, headSha) {
      const author = { name: 'Ada', email: 'ada@example.invalid' };
      const at = new Date(1_750_000_000_000);
      return (await workspace.mergeCommit(repo, { baseSha, headSha, message: 'Merge', author, at })).sha;
    },
    async tree(sha) {
      const mirror = await openMirror(mirrorsDir, repo.id, silentLog);
      return (await mirror.text(['rev-parse', '--verify', `${sha}^{tree}`])).trim();
    },
  };
}

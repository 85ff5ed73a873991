import { rm } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import type { SandboxResult, SandboxWorkspace } from '#src/ports/sandbox.ts';
import type { GitIdentity, ImportedWork, ImportPolicy, RepositoryRef } from '#src/ports/workspace.ts';
import { newBundleFile, sweepBundles } from './bundle-file.ts';
import type { StepTools } from './step-tools.ts';

/** Where the repository lies inside the sandbox's workspace. */
export const REPO_DIR = 'repo';
const IN_BUNDLE = 'in.bundle';
const OUT_BUNDLE = 'out.bundle';
const WORK_REF = 'refs/heads/work';
/** Work that leaves a sandbox is code in text; a bundle over this is refused before git reads it. */
const MAX_BUNDLE_BYTES = 256 * 1024 * 1024;

/** A checked-out commit inside a sandbox. Git here is the sandbox's git: nothing of it runs on the host. */
export interface Worktree {
  workspace: SandboxWorkspace;
  git(argv: readonly string[], signal: AbortSignal): Promise<SandboxResult>;
  /** Commits what is staged, as `identity`, at the given time; null when nothing is staged. */
  commit(commit: { message: string; identity: GitIdentity; at: string }, signal: AbortSignal): Promise<string | null>;
  /** Brings the commits since `baseSha` to the host through a bundle, fetched clean and scanned. */
  bringOut(baseSha: string, policy: ImportPolicy, signal: AbortSignal): Promise<ImportedWork>;
  dispose(): Promise<void>;
}

/** Checks a commit out in a fresh sandbox. */
export async function openWorktree(
  tools: Pick<StepTools, 'workspace' | 'sandbox' | 'settings'>,
  repo: RepositoryRef,
  sha: string,
  signal: AbortSignal,
): Promise<Worktree> {
  const workspace = await tools.sandbox.createWorkspace();
  const bundleFile = newBundleFile(tools.settings.tempDir);
  let env: Record<string, string> = { GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };

  const run = async (argv: readonly string[], cwd: string | undefined): Promise<SandboxResult> =>
    workspace.run({
      argv: ['git', '-c', 'advice.detachedHead=false', '-c', 'core.hooksPath=/dev/null', ...argv],
      env,
      signal,
      ...(cwd === undefined ? {} : { cwd }),
    });
  const must = async (argv: readonly string[], cwd: string | undefined): Promise<SandboxResult> => {
    const result = await run(argv, cwd);
    if (result.exitCode !== 0) throw gitFailed(argv, result);
    return result;
  };

  try {
    await sweepBundles(tools.settings.tempDir);
    await tools.workspace.bundleOut(repo, { [WORK_REF]: sha }, bundleFile);
    await workspace.copyIn(bundleFile, IN_BUNDLE);
    await must(['clone', '--quiet', '--branch', 'work', IN_BUNDLE, REPO_DIR], undefined);
  } catch (error) {
    await workspace.dispose();
    throw error;
  } finally {
    await rm(bundleFile, { force: true });
  }

  return {
    workspace,
    git: (argv) => run(argv, REPO_DIR),
    async commit({ message, identity, at }) {
      const staged = await run(['diff', '--cached', '--quiet'], REPO_DIR);
      if (staged.exitCode === 0) return null;
      env = {
        ...env,
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_AUTHOR_DATE: at,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
        GIT_COMMITTER_DATE: at,
      };
      await must(['commit', '--quiet', '--no-verify', '--message', message], REPO_DIR);
      const head = await must(['rev-parse', 'HEAD'], REPO_DIR);
      return head.stdout.trim();
    },
    async bringOut(baseSha, policy) {
      await must(['bundle', 'create', '--quiet', `../${OUT_BUNDLE}`, `${baseSha}..${WORK_REF}`, WORK_REF], REPO_DIR);
      const outFile = newBundleFile(tools.settings.tempDir);
      try {
        await workspace.copyOut(OUT_BUNDLE, outFile, MAX_BUNDLE_BYTES);
        return await tools.workspace.importBundle(repo, { hostFile: outFile, ref: WORK_REF, baseSha, policy });
      } finally {
        await rm(outFile, { force: true });
      }
    },
    dispose: () => workspace.dispose(),
  };
}

function gitFailed(argv: readonly string[], result: SandboxResult): FactoryError {
  const why = result.endedBy === null ? result.stderr.trim().slice(-400) : `it was ended (${result.endedBy})`;
  return new FactoryError('sandbox-git-failed', `Git in the sandbox could not ${argv[0] ?? 'run'}: ${why}`, {
    fix: 'Retry the task; if it happens again, look at the repository with the same command.',
    retryable: result.endedBy !== null,
  });
}

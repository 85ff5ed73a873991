import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openWorktree, REPO_DIR } from '#agents/tools/worktree.ts';
import type { Worktree } from '#agents/tools/worktree.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import { silentLog } from '#src/ports/log.ts';
import type { SandboxResult } from '#src/ports/sandbox.ts';
import { temporaryFolder, workingClone } from '#test/support/repository.ts';

export interface TestWorktree {
  worktree: Worktree;
  sha: string;
  /** Runs a script in the repository's folder, inside the sandbox. */
  sh(script: string): Promise<SandboxResult>;
  /** A file of the tree, or null. */
  text(path: string): Promise<string | null>;
  /** Every file but ignored ones, with its content, as one id. */
  treeId(): Promise<string>;
}

/** A commit with these files, checked out in a real sandbox (bubblewrap where it works) that goes away with the test. */
export async function openTestWorktree(files: Readonly<Record<string, string>>): Promise<TestWorktree> {
  const folder = temporaryFolder();
  await chmod(folder, 0o755);
  const options = {
    workspacesDir: join(folder, 'workspaces'),
    node: { binary: process.execPath, npmDir: null },
    log: silentLog,
  };
  const isolated = createBubblewrapSandbox(options);
  const sandbox = (await isolated.probe()).ok ? isolated : createUnsandboxed(options);
  const workspace = createWorkspace({ mirrorsDir: join(folder, 'mirrors'), log: silentLog });
  const clone = workingClone(files);
  const repo = { id: 'r', path: clone.path, baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  const settings = { approvers: [], tempDir: folder, registryHosts: null };
  const { signal } = new AbortController();
  const worktree = await openWorktree({ workspace, sandbox, settings }, repo, baseSha, signal);
  onTestFinished(() => worktree.dispose());
  const sh = (script: string) => worktree.workspace.run({ argv: ['sh', '-c', script], cwd: REPO_DIR });
  return {
    worktree,
    sha: baseSha,
    sh,
    async text(path) {
      const bytes = await worktree.workspace.read(`${REPO_DIR}/${path}`, 20_000_000);
      return bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    },
    async treeId() {
      // Into a fresh index: a copied one takes a file that changed within its second, at the same size, for unchanged.
      const result = await sh(
        'export GIT_INDEX_FILE="$PWD/../t.index"; rm -f "$GIT_INDEX_FILE"; git read-tree HEAD; git add -A; git write-tree',
      );
      return result.stdout.trim();
    },
  };
}

import { FactoryError } from '#src/errors.ts';
import type { SandboxResult } from '#src/ports/sandbox.ts';
import type { GitIdentity, ImportedWork, ImportPolicy, RepositoryRef } from '#src/ports/workspace.ts';
import type { StepTools } from './step-tools.ts';
import { openWorktree, REPO_DIR } from './worktree.ts';
import type { Worktree } from './worktree.ts';

/** Contents by path; null: deleted. */
export type FileContents = ReadonlyMap<string, Uint8Array | null>;

export interface FilesToCommit {
  repo: RepositoryRef;
  /** The commit to stand on. */
  fromSha: string;
  baseSha: string;
  files: FileContents;
  message: string;
  identity: GitIdentity;
  /** ISO 8601 UTC: the same files at the same time make the same commit. */
  at: string;
  policy: ImportPolicy;
}

export interface CommittedFiles {
  work: ImportedWork;
  /** Written, but covered by .gitignore, so not part of the commit. */
  ignored: string[];
  /** Stands at the commit, with nothing run in it yet. The caller disposes of it. */
  worktree: Worktree;
}

/**
 * Commits files in a fresh worktree, where nothing has run, and brings the commit out before anything does.
 * null: the files are what they were.
 */
export async function commitFiles(
  tools: StepTools,
  { repo, fromSha, baseSha, files, message, identity, at, policy }: FilesToCommit,
  signal: AbortSignal,
): Promise<CommittedFiles | null> {
  const worktree = await openWorktree(tools, repo, fromSha, signal);
  try {
    const ignored = await stage(worktree, files, signal);
    const sha = await worktree.commit({ message, identity, at }, signal);
    if (sha === null) {
      await worktree.dispose();
      return null;
    }
    return { work: await worktree.bringOut(baseSha, policy, signal), ignored, worktree };
  } catch (error) {
    await worktree.dispose();
    throw error;
  }
}

/** Answers the paths that are left out because .gitignore covers them. */
async function stage(worktree: Worktree, files: FileContents, signal: AbortSignal): Promise<string[]> {
  const deleted: string[] = [];
  const written: string[] = [];
  for (const [path, content] of files) {
    if (content === null) deleted.push(path);
    else {
      await worktree.workspace.write(`${REPO_DIR}/${path}`, content);
      written.push(path);
    }
  }
  if (deleted.length > 0)
    await must(worktree, ['--literal-pathspecs', 'rm', '--quiet', '--ignore-unmatch', '--', ...deleted], signal);
  if (written.length === 0) return [];
  const listing = ['ls-files', '--others', '--ignored', '--exclude-standard', '-z'];
  const found = await must(worktree, ['--literal-pathspecs', ...listing, '--', ...written], signal);
  const ignored = new Set(found.stdout.split('\0').filter((path) => path !== ''));
  const kept = written.filter((path) => !ignored.has(path));
  if (kept.length > 0) await must(worktree, ['--literal-pathspecs', 'add', '--', ...kept], signal);
  return [...ignored];
}

async function must(worktree: Worktree, argv: readonly string[], signal: AbortSignal): Promise<SandboxResult> {
  const result = await worktree.git(argv, signal);
  signal.throwIfAborted();
  if (result.exitCode === 0) return result;
  throw new FactoryError('edit-refused', `Git does not take the change: ${result.stderr.trim().slice(-300)}`, {
    fix: 'Retry the task; if it happens again, look at the names of the files in it.',
  });
}

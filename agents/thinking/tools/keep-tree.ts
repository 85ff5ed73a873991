import type { SandboxResult } from '#src/ports/sandbox.ts';
import { REPO_DIR } from '../../tools/worktree.ts';
import type { Worktree } from '../../tools/worktree.ts';

const SNAPSHOT_SECONDS = 120;
const MAX_CHANGED_BYTES = 64 * 1024;

/** Git with an index of its own beside the repository, so that what is staged stays as it is. */
const GIT = 'git -c core.hooksPath=/dev/null -c core.fsmonitor=false';
const INDEX = 'GIT_INDEX_FILE="$PWD/../.factory-index"; export GIT_INDEX_FILE';
/** What a package manager brought is no work of anybody here, and there may be a lot of it. */
const ADD_ALL = `${GIT} add -A -- . ':(exclude,glob)**/node_modules/**' 2>/dev/null`;

/**
 * Copies keep the index's time: git takes a file of the same size, changed in the second of its checkout, for unchanged
 * once the index is younger.
 */
const BEFORE = `cp -p .git/index ../.factory-index && cp -p .git/index ../.factory-staged && ${INDEX} && ${ADD_ALL}; ${GIT} write-tree`;
/** The index was made from the tree as it is now, so going back to "$1" touches only what differs. */
const BACK = `${INDEX}; ${ADD_ALL}; now=$(${GIT} write-tree) || exit 1
[ "$now" = "$1" ] || { ${GIT} diff-tree -r -z --name-only --no-renames "$1" "$now" && ${GIT} read-tree --reset -u "$1" || exit 1; }
cp -p ../.factory-staged .git/index`;

/**
 * Runs something that may write files, and then puts the tree back as it was: files that `.gitignore` names and
 * installed packages stay. `undone`: what had been changed; null: the tree could not be compared, so nothing was undone.
 */
export async function keepTree<T>(
  worktree: Worktree,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<{ value: T; undone: readonly string[] | null }> {
  const sh = (...argv: string[]): Promise<SandboxResult> =>
    worktree.workspace.run({
      argv: ['sh', '-c', ...argv],
      cwd: REPO_DIR,
      env: { GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' },
      limits: { wallSeconds: SNAPSHOT_SECONDS, outputBytes: MAX_CHANGED_BYTES },
      signal,
    });
  const before = await sh(BEFORE);
  signal.throwIfAborted();
  const tree = before.stdout.trim();
  const value = await work();
  signal.throwIfAborted();
  if (before.exitCode !== 0) return { value, undone: null };
  const back = await sh(BACK, 'sh', tree);
  signal.throwIfAborted();
  if (back.exitCode !== 0) return { value, undone: null };
  return { value, undone: back.stdout.split('\0').filter((path) => path !== '') };
}

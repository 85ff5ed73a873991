import type { SandboxResult } from '#src/ports/sandbox.ts';
import { REPO_DIR } from '../../tools/worktree.ts';
import type { Worktree } from '../../tools/worktree.ts';

/** Time for one look at the tree. A search that takes longer has a pattern that never ends. */
const LOOK_SECONDS = 20;

/**
 * Git over the checked-out tree, in its sandbox, with only the first `headBytes` of what it prints: the sandbox itself
 * keeps the end. The exit code is lost; what git complains about is in stderr.
 */
export async function gitHead(
  worktree: Worktree,
  argv: readonly string[],
  headBytes: number,
  signal: AbortSignal,
): Promise<SandboxResult> {
  const result = await worktree.workspace.run({
    argv: [
      'sh',
      '-c',
      'git -c core.hooksPath=/dev/null -c core.fsmonitor=false "$@" | head -c "$0"',
      String(headBytes),
      ...argv,
    ],
    cwd: REPO_DIR,
    env: { GIT_CONFIG_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    limits: { wallSeconds: LOOK_SECONDS, outputBytes: headBytes + 64 * 1024 },
    signal,
  });
  signal.throwIfAborted();
  return result;
}

/** Files, a folder, or a pattern with `*`, as git's pathspec. '' is everything. */
export function pathspec(path: string): string[] {
  if (path === '') return [];
  return [/[*?[]/.test(path) ? `:(glob)${path}` : `:(literal)${path}`];
}

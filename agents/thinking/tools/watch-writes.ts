import path from 'node:path';
import { FactoryError } from '#src/errors.ts';
import type { FileContents } from '../../tools/commit-files.ts';
import { REPO_DIR } from '../../tools/worktree.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { pathOf } from '../tool.ts';
import type { ModelTool } from '../tool.ts';

const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** More than one task sensibly changes; nobody would read it. */
const MAX_FILES = 200;

/**
 * Watches what tools write. Only that becomes the change: what checks leave behind in the tree (installed packages,
 * build output, rewritten tests) never does, and a step that is taken up after a crash makes the same commit, for it
 * does not run the checks in between again.
 */
export function watchWrites(
  worktree: Worktree,
  tools: readonly ModelTool[],
): { tools: ModelTool[]; files: FileContents } {
  const files = new Map<string, Uint8Array | null>();
  const watched = tools.map((tool): ModelTool => {
    if (!tool.mutates) return tool;
    return {
      ...tool,
      async run(args, signal) {
        const name = path.posix.normalize(pathOf(args));
        if (!files.has(name) && files.size >= MAX_FILES) throw tooMany();
        const result = await tool.run(args, signal);
        files.set(name, await worktree.workspace.read(`${REPO_DIR}/${name}`, MAX_FILE_BYTES));
        return result;
      },
    };
  });
  return { tools: watched, files };
}

function tooMany(): FactoryError {
  return new FactoryError('too-many-files', `This work already touches ${MAX_FILES} files, which is the limit.`, {
    fix: 'Do it with fewer files, or answer with a blocker that says how to split the task.',
  });
}

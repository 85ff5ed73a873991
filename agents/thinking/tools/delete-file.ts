import * as z from 'zod';
import { REPO_DIR } from '../../tools/worktree.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { editablePath } from './may-edit.ts';
import type { MayEdit } from './may-edit.ts';
import { refused } from './refused.ts';
import { fileExists } from './repo-file.ts';

const DELETE_SECONDS = 20;

/** Removes one regular file. */
export function deleteFile(worktree: Worktree, mayEdit: MayEdit): ModelTool {
  return defineTool({
    name: 'delete_file',
    description: 'Deletes one file.',
    arguments: z.strictObject({ path: z.string() }),
    mutates: true,
    run: async ({ path }, signal) => {
      const file = editablePath(path, mayEdit);
      // Looking at it first refuses every path that leads through a link.
      if (!(await fileExists(worktree, file))) {
        throw refused(`There is no file ${JSON.stringify(file)}.`, 'List files to find the right path.');
      }
      const limits = { wallSeconds: DELETE_SECONDS };
      const result = await worktree.workspace.run({ argv: ['rm', '-f', '--', file], cwd: REPO_DIR, limits, signal });
      signal.throwIfAborted();
      if (result.exitCode !== 0) throw refused(`${file} could not be deleted.`, 'Leave it where it is.');
      return `Deleted ${file}.`;
    },
  });
}

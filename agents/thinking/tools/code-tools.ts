import type { CheckPlan } from '#src/qa/detect-checks.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { pathOf } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { deleteFile } from './delete-file.ts';
import { editFile } from './edit-file.ts';
import { listFiles } from './list-files.ts';
import type { MayEdit } from './may-edit.ts';
import { readFile } from './read-file.ts';
import { runCheck } from './run-check.ts';
import { search } from './search.ts';
import { writeFile } from './write-file.ts';

export interface CodeToolsOptions {
  /**
   * Why this path may not be changed, as a sentence; null: it may. It gets the path as git writes it, and decides on
   * protected files; what leaves the repository or lies in `.git` is refused before it is asked.
   */
  mayEdit: MayEdit;
  /** null: there are no checks to run. */
  plan: CheckPlan | null;
  /** The commit that is checked out. */
  sha: string;
}

/** What decides which packages a check needs: after a change of one, they are prepared anew. */
const MANIFEST =
  /(?:^|\/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pyproject\.toml|[\w-]*requirements[\w-]*\.txt|go\.(?:mod|sum)|Makefile)$/i;

/** Tools over one checked-out commit. All of them work inside its sandbox; nothing is staged or committed. */
export function codeTools(worktree: Worktree, options: CodeToolsOptions): ModelTool[] {
  const { mayEdit, plan, sha } = options;
  const check = runCheck(worktree, plan, sha);
  const noticing = (tool: ModelTool): ModelTool => ({
    ...tool,
    run: async (args, signal) => {
      const result = await tool.run(args, signal);
      if (MANIFEST.test(pathOf(args))) check.prepareAgain();
      return result;
    },
  });
  return [
    listFiles(worktree),
    search(worktree),
    readFile(worktree),
    noticing(editFile(worktree, mayEdit)),
    noticing(writeFile(worktree, mayEdit)),
    noticing(deleteFile(worktree, mayEdit)),
    check.tool,
  ];
}

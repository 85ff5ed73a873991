import type { BriefEdit as Edit } from '#src/backlog/task-brief.ts';
import { FactoryError } from '#src/errors.ts';
import { REPO_DIR } from './worktree.ts';
import type { Worktree } from './worktree.ts';

/** Brings edits into the worktree and stages them. Throws FactoryError `edit-refused` or `diff-does-not-apply`. */
export async function applyEdits(worktree: Worktree, edits: readonly Edit[], signal: AbortSignal): Promise<void> {
  for (const [index, edit] of edits.entries()) {
    await (edit.kind === 'file' ? writeFile(worktree, edit, signal) : applyDiff(worktree, edit, index, signal));
  }
}

async function writeFile(worktree: Worktree, edit: Edit, signal: AbortSignal): Promise<void> {
  try {
    await worktree.workspace.write(
      `${REPO_DIR}/${edit.path}`,
      edit.content.endsWith('\n') ? edit.content : `${edit.content}\n`,
    );
  } catch (error) {
    throw new FactoryError(
      'edit-refused',
      `${edit.path} cannot be written: ${(error instanceof Error ? error.message : String(error)).replaceAll(`"${REPO_DIR}/`, '"')}`,
      {
        fix: 'Paste the code again under a path that lies inside the repository and is not a link.',
        cause: error,
      },
    );
  }
  await stage(worktree, edit.path, signal);
}

async function applyDiff(worktree: Worktree, edit: Edit, index: number, signal: AbortSignal): Promise<void> {
  const patch = `patch-${index}.diff`;
  await worktree.workspace.write(patch, edit.content.endsWith('\n') ? edit.content : `${edit.content}\n`);
  const result = await worktree.git(['apply', '--index', '--recount', '--whitespace=nowarn', `../${patch}`], signal);
  if (result.exitCode === 0) return;
  throw new FactoryError(
    'diff-does-not-apply',
    `The diff for ${edit.path} does not apply to the branch: ${whereItFails(result.stderr)}`,
    {
      fix: 'Paste the whole file, or a diff against the present state of the branch.',
    },
  );
}

/** Git's complaint in words: the first place that did not match, or its own first line. */
function whereItFails(stderr: string): string {
  const [, file, line] = /patch failed: (.+):(\d+)$/m.exec(stderr) ?? [];
  if (file !== undefined) return `the lines that it expects near line ${line} of ${file} are not there.`;
  const first = stderr.trim().split('\n')[0] ?? '';
  return `${first.replace(/^(?:error|fatal): /, '').slice(0, 300)}.`;
}

async function stage(worktree: Worktree, filePath: string, signal: AbortSignal): Promise<void> {
  const result = await worktree.git(['add', '--force', '--', filePath], signal);
  if (result.exitCode === 0) return;
  throw new FactoryError('edit-refused', `Git does not take ${filePath}: ${result.stderr.trim().slice(-300)}`, {
    fix: 'Paste the code again under another path.',
  });
}

import { access, constants, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import type { RepositoryFacts } from '#src/ports/workspace.ts';
import { branchesOf, headOf, type LocatedRepository, locateRepository, settingsOf } from './locate-repository.ts';
import { quoted, requireReadableBranch } from './ref-names.ts';
import { git, runGit } from './run-git.ts';
import { checkoutOf, checkoutsOf, filtersOf, hasUncommittedChanges, unfinishedCommand } from './work-tree.ts';

/** Looks at a person's repository. Writes nothing there, and nothing of theirs runs. Errors: see `Workspace.inspect`. */
export async function inspectRepository(path: string, base?: string): Promise<RepositoryFacts> {
  const repository = await locateRepository(path);
  const baseBranch = base ?? (await headBranch(repository));
  requireReadableBranch(baseBranch);
  // A branch called `factory` would also keep git from making any `factory/…`.
  if (baseBranch === 'factory' || baseBranch.startsWith('factory/')) {
    throw new FactoryError(
      'base-refused',
      `${quoted(baseBranch)} is a name that the factory keeps for the branches of its tasks; work cannot be based on it.`,
      {
        fix: 'Name the branch that the work should be merged into.',
      },
    );
  }
  const baseSha = await headOf(repository, baseBranch);
  if (baseSha === null) throw await baseNotFound(repository, baseBranch);
  const checkout = await checkoutOf(repository, baseBranch);
  const dirtyOnBase =
    checkout !== null &&
    ((await hasUncommittedChanges(checkout, QUEUE_FILE)) || (await unfinishedCommand(checkout)) !== null);
  return {
    forge: 'local',
    path: repository.path,
    bare: repository.bare,
    baseBranch,
    baseSha,
    dirtyOnBase,
    notes: await notesOn(repository, baseSha),
  };
}

/** The branch that HEAD names. */
async function headBranch(repository: LocatedRepository): Promise<string> {
  const call = { gitDir: repository.gitDir, workingFolder: repository.path };
  const head = await runGit({ ...call, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  if (head.exitCode === 0)
    return head.stdout
      .toString('utf8')
      .trim()
      .replace(/^refs\/heads\//, '');
  throw new FactoryError(
    'repo-detached',
    `${quoted(repository.path)} has no branch checked out (its HEAD is detached), so it is unclear where work should go.`,
    {
      fix: 'Check a branch out (`git switch main`) or name one with --base.',
    },
  );
}

async function baseNotFound(repository: LocatedRepository, baseBranch: string): Promise<FactoryError> {
  const branches = await branchesOf(repository);
  if (branches.length === 0) {
    return new FactoryError('repo-empty', `${quoted(repository.path)} has no commit yet.`, {
      fix: 'Make a first commit there (a README is enough), then try again.',
    });
  }
  const some = branches.slice(0, 5).map(quoted).join(', ');
  return new FactoryError(
    'base-not-found',
    `${quoted(repository.path)} has no branch ${quoted(baseBranch)}. It has ${some}${branches.length > 5 ? ' and more' : ''}.`,
    {
      fix: 'Name one of its branches with --base.',
    },
  );
}

async function notesOn(repository: LocatedRepository, baseSha: string): Promise<string[]> {
  const notes: string[] = [];
  const submodules = await countSubmodules(repository, baseSha);
  if (submodules > 0)
    notes.push(
      `has ${submodules} submodule${submodules === 1 ? '' : 's'}; the factory leaves them empty and changes none`,
    );
  const hooks = await hooksOf(repository);
  if (hooks.length > 0)
    notes.push(`has ${article(hooks)} hook${hooks.length === 1 ? '' : 's'}; the factory does not run hooks`);
  const settings = await settingsOf(repository);
  if (settings.has('core.hookspath'))
    notes.push('keeps its hooks in a folder of its own (core.hooksPath); the factory does not run hooks');
  const filters = await filtersOf(repository);
  if (filters.length > 0)
    notes.push(
      `filters file contents (${filters.map(quoted).join(', ')}); the factory does not run filters and sees what git stores`,
    );
  if (repository.shallow)
    notes.push('has a shallow history; the factory needs all of it: run `git fetch --unshallow` there first');
  const checkouts = await checkoutsOf(repository);
  if (checkouts.length > 1)
    notes.push(
      `has ${checkouts.length} worktrees; the factory moves only the one that has the base branch checked out`,
    );
  return notes;
}

async function countSubmodules(repository: LocatedRepository, sha: string): Promise<number> {
  const call = { gitDir: repository.gitDir, workingFolder: repository.path };
  const tree = await git({ ...call, args: ['ls-tree', '-r', '-z', '--full-tree', sha] });
  return tree.split('\0').filter((entry) => entry.startsWith('160000 ')).length;
}

async function hooksOf(repository: LocatedRepository): Promise<string[]> {
  const common = await readFile(join(repository.gitDir, 'commondir'), 'utf8').then(
    (text) => resolve(repository.gitDir, text.trim()),
    () => repository.gitDir,
  );
  const folder = join(common, 'hooks');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[a-z-]+$/.test(name)).sort();
  const runnable = await Promise.all(
    names.map((name) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => runnable[index]);
}

function article(names: readonly string[]): string {
  return names.length === 1 ? `a ${names[0]}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

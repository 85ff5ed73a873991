import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { gitDirOf, type LocatedRepository, settingsOf } from './locate-repository.ts';
import { git, runGit } from './run-git.ts';

/** A folder in which a person has a branch checked out: their clone, or one of its linked worktrees. */
export interface Checkout {
  folder: string;
  gitDir: string;
  branch: string;
}

/** Files that git leaves in a git directory while a command of several steps waits for the person. */
const UNFINISHED: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  BISECT_LOG: 'bisect',
};

/** Every folder of the repository that has a branch checked out. */
export async function checkoutsOf(repository: LocatedRepository): Promise<Checkout[]> {
  const listed = await git({
    gitDir: repository.gitDir,
    workingFolder: repository.path,
    args: ['worktree', 'list', '--porcelain', '-z'],
  });
  const checkouts: Checkout[] = [];
  let folder = '';
  for (const line of listed.split('\0')) {
    if (line.startsWith('worktree ')) folder = line.slice('worktree '.length);
    if (!line.startsWith('branch refs/heads/')) continue;
    // The list names a clone by its git directory's parent; a vanished worktree has no git directory any more.
    const gitDir = await gitDirOf(folder);
    if (gitDir) checkouts.push({ folder, gitDir, branch: line.slice('branch refs/heads/'.length) });
  }
  return checkouts;
}

export async function checkoutOf(repository: LocatedRepository, branch: string): Promise<Checkout | null> {
  if (repository.bare)
    return (
      (await checkoutsOf(repository)).find(
        (checkout) => checkout.branch === branch && checkout.folder !== repository.path,
      ) ?? null
    );
  return (await checkoutsOf(repository)).find((checkout) => checkout.branch === branch) ?? null;
}

/** Tracked files that differ from the commit, staged or not. Untracked files do not count: a merge leaves them alone. */
async function uncommittedPaths(checkout: Checkout): Promise<string[]> {
  const status = await git({
    gitDir: checkout.gitDir,
    workTree: checkout.folder,
    workingFolder: checkout.folder,
    args: ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--ignore-submodules=all', '--no-renames'],
    env: filtersOff(await filtersOf(checkout)),
  });
  // Two letters of state and a space stand before each path.
  return fieldsOf(status).map((entry) => entry.slice(3));
}

/** See `uncommittedPaths`. `except`: a path that does not count. */
export async function hasUncommittedChanges(checkout: Checkout, except: string | null = null): Promise<boolean> {
  return (await uncommittedPaths(checkout)).some((path) => path !== except);
}

/**
 * True when work tree and index both hold exactly `sha`, whatever HEAD says: a checkout that was cut short before its
 * last step. `except`: a path that may differ.
 */
export async function holdsExactly(checkout: Checkout, sha: string, except: string | null = null): Promise<boolean> {
  const call = {
    gitDir: checkout.gitDir,
    workTree: checkout.folder,
    workingFolder: checkout.folder,
    env: filtersOff(await filtersOf(checkout)),
  };
  const known = await runGit({ ...call, args: ['cat-file', '-e', `${sha}^{commit}`] });
  if (known.exitCode !== 0) return false;
  const options = ['--name-only', '-z', '--ignore-submodules', '--no-ext-diff', '--no-textconv'];
  const staged = fieldsOf(await git({ ...call, args: ['diff-index', '--cached', ...options, sha, '--'] }));
  if (staged.some((path) => path !== except)) return false;
  const unstaged = fieldsOf(await git({ ...call, args: ['diff-files', ...options] }));
  return unstaged.every((path) => path === except);
}

function fieldsOf(answer: string): string[] {
  return answer.split('\0').filter((field) => field !== '');
}

/** The command that the person has begun and not ended there, or null. */
export async function unfinishedCommand(checkout: Checkout): Promise<string | null> {
  for (const [file, name] of Object.entries(UNFINISHED)) {
    const exists = await access(join(checkout.gitDir, file)).then(
      () => true,
      () => false,
    );
    if (exists) return name;
  }
  return null;
}

/** The content filters that the repository's own configuration defines, by name (`lfs`, …). */
export async function filtersOf(repository: { gitDir: string; folder?: string; path?: string }): Promise<string[]> {
  const settings = await settingsOf({
    gitDir: repository.gitDir,
    path: repository.folder ?? repository.path ?? repository.gitDir,
  });
  const names = [...settings].flatMap((name) => /^filter\.(.+)\.[^.]+$/s.exec(name)?.[1] ?? []);
  return [...new Set(names)];
}

/** Looking at a work tree runs its `clean` filters on files that were touched. Through the environment, since a name may hold `=`. */
function filtersOff(names: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  let count = 0;
  for (const name of names) {
    for (const [key, value] of [
      ['clean', ''],
      ['smudge', ''],
      ['process', ''],
      ['required', 'false'],
    ] as const) {
      env[`GIT_CONFIG_KEY_${count}`] = `filter.${name}.${key}`;
      env[`GIT_CONFIG_VALUE_${count}`] = value;
      count += 1;
    }
  }
  return count === 0 ? {} : { GIT_CONFIG_COUNT: String(count), ...env };
}

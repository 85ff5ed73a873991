import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import { WATCHED_SETTINGS } from './allowed-arguments.ts';
import { quoted } from './ref-names.ts';
import { type Owner, ownerOf } from './remote-programs.ts';
import { git, runGit } from './run-git.ts';

/** A person's repository, found without git's own search: what a folder's parents hold is not what was named. */
export interface LocatedRepository {
  /** The folder as it was named: a bare repository or the top of a working clone. */
  path: string;
  gitDir: string;
  bare: boolean;
  shallow: boolean;
  owner: Owner;
}

/** Throws FactoryError `repo-not-found`, `repo-not-git`, `repo-unsupported`. Changes nothing, runs nothing of the repository's. */
export async function locateRepository(path: string): Promise<LocatedRepository> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new FactoryError('repo-not-found', `The repository path ${quoted(path)} is not a full path.`, {
      fix: 'Give the full path of the folder.',
    });
  }
  const folder = resolve(path);
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error.code ?? 'unknown');
  if (typeof found === 'string') {
    const why =
      found === 'ENOENT' || found === 'ENOTDIR' ? 'There is nothing at' : `This user may not look at (${found})`;
    throw new FactoryError('repo-not-found', `${why} ${quoted(folder)}.`, {
      fix: 'Check the spelling of the path and that this user may read it.',
    });
  }
  if (!found.isDirectory()) throw notGit(folder, 'is a file, not a folder', 'Name the folder of the repository.');

  const gitDir = await gitDirOf(folder);
  if (!gitDir) throw notGit(folder, 'is not a git repository', await adviceFor(folder));
  const facts = await runGit({
    gitDir,
    workingFolder: folder,
    args: ['rev-parse', '--is-bare-repository', '--is-shallow-repository', '--show-object-format'],
  });
  if (facts.exitCode !== 0) {
    throw notGit(
      folder,
      `looks like a git repository, but git cannot read it (${facts.stderr.trim().slice(0, 200)})`,
      'Run `git status` there and repair what it names.',
    );
  }
  const [bare, shallow, format] = facts.stdout.toString('utf8').trim().split('\n');
  if (gitDir === folder && bare !== 'true') {
    throw notGit(folder, 'is the inside of a working clone', `Name the clone itself: ${quoted(dirname(folder))}.`);
  }
  if (format !== 'sha1') {
    throw unsupported(folder, `stores its objects as ${format}`, 'Use a repository with SHA-1 objects; most are.');
  }
  if ((await settingsOf({ gitDir, path: folder })).has('extensions.partialclone')) {
    throw unsupported(
      folder,
      'is a partial clone: some of its files are only on a server',
      'Make a full clone (`git clone` without --filter) and name that.',
    );
  }
  return { path: folder, gitDir, bare: bare === 'true', shallow: shallow === 'true', owner: ownerOf(gitDir) };
}

/** Names of the settings among the watched ones that the repository itself makes; values are not needed. */
export async function settingsOf(repository: { gitDir: string; path: string }): Promise<Set<string>> {
  const listed = await runGit({
    gitDir: repository.gitDir,
    workingFolder: repository.path,
    args: ['config', '--includes', '--null', '--name-only', '--show-scope', '--get-regexp', WATCHED_SETTINGS],
  });
  const fields = listed.stdout.toString('utf8').split('\0');
  const names = new Set<string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    // Scope `command` is what `hardening.ts` says, not what the repository says.
    if (fields[index] !== 'command') names.add(fields[index + 1] ?? '');
  }
  return names;
}

/** The git directory that belongs to exactly this folder: `.git` in it, the place that a `.git` file names, or itself. */
export async function gitDirOf(folder: string): Promise<string | null> {
  const inside = join(folder, '.git');
  const found = await stat(inside).catch(() => null);
  if (found?.isDirectory()) return inside;
  if (found?.isFile() && found.size < 10_000) {
    const [, target] = /^gitdir: ([^\n\0]+)\n?$/.exec(await readFile(inside, 'utf8')) ?? [];
    const named = target === undefined ? null : resolve(folder, target);
    return named !== null && (await looksLikeGit(named)) ? named : null;
  }
  return (await looksLikeGit(folder)) ? folder : null;
}

async function looksLikeGit(folder: string): Promise<boolean> {
  if (!(await stat(join(folder, 'HEAD')).catch(() => null))?.isFile()) return false;
  const isLinked = (await stat(join(folder, 'commondir')).catch(() => null))?.isFile() === true;
  return isLinked || (await stat(join(folder, 'objects')).catch(() => null))?.isDirectory() === true;
}

async function adviceFor(folder: string): Promise<string> {
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    if (await gitDirOf(parent)) return `It lies inside the repository ${quoted(parent)}: name that folder.`;
  }
  return 'Run `git init` there and make a first commit, or name another folder.';
}

/** The head of a branch, or null. `branch` has passed `requireReadableBranch`. */
export async function headOf(repository: LocatedRepository, branch: string): Promise<string | null> {
  const call = { gitDir: repository.gitDir, workingFolder: repository.path };
  const answer = await runGit({ ...call, args: ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`] });
  return answer.exitCode === 0 ? answer.stdout.toString('utf8').trim() : null;
}

export async function branchesOf(repository: LocatedRepository): Promise<string[]> {
  const listed = await git({
    gitDir: repository.gitDir,
    workingFolder: repository.path,
    args: ['for-each-ref', '--format=%(refname:short)', 'refs/heads'],
  });
  return listed.split('\n').filter((name) => name !== '');
}

function notGit(folder: string, what: string, fix: string): FactoryError {
  return new FactoryError('repo-not-git', `${quoted(folder)} ${what}.`, { fix });
}

function unsupported(folder: string, what: string, fix: string): FactoryError {
  return new FactoryError('repo-unsupported', `${quoted(folder)} ${what}, which the factory cannot use.`, { fix });
}

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { FarSide } from './far-side.ts';
import { quoted, requireReadableBranch, requireRepositoryId } from './ref-names.ts';
import { type GitCall, type GitResult, gitFailed, runGit } from './run-git.ts';
import { clearStaleLocks } from './stale-locks.ts';

/**
 * The factory's own clean copy of a person's repository: bare, made from an empty template, with objects and refs of
 * the person's but none of their configuration or hooks. All reading, importing, diffing and merging happens here.
 *
 *   refs/bases/<hash of name>     base branches as last fetched (hashed: `a` and `a/b` may both have been a base)
 *   refs/heads/factory/*          the factory's branches as last fetched
 *   refs/quarantine/<sha>         imported work that passed the scan
 *   refs/factory/*                pull requests of the local forge
 */
export interface Mirror {
  readonly gitDir: string;
  /** The ingredients of a call into this mirror, for the functions of `run-git.ts`. */
  call(args: readonly string[], extra?: Partial<GitCall>): GitCall;
  /** Runs git here; waits while another process holds a lock, and removes locks that a killed one left. */
  run(args: readonly string[], extra?: Partial<GitCall>): Promise<GitResult>;
  /** The same, for calls that must succeed. Throws FactoryError `git-failed`. */
  text(args: readonly string[], extra?: Partial<GitCall>): Promise<string>;
  bytes(args: readonly string[], extra?: Partial<GitCall>): Promise<Buffer>;
}

/** How long a call waits for locks of other processes; longer than `STALE_AFTER_MS`, so that a stale one does not fail it. */
const LOCK_WAIT_MS = 25_000;
const LOCK_POLL_MS = 200;

/** Opens the mirror of a repository id and makes it when it is not there. Safe when several processes do so at once. */
export async function openMirror(mirrorsDir: string, repositoryId: string, log: Log): Promise<Mirror> {
  await mkdir(mirrorsDir, { recursive: true });
  // The process list shows real paths, and the search for stale locks compares with it.
  const home = await realpath(mirrorsDir);
  const gitDir = join(home, `${requireRepositoryId(repositoryId)}.git`);
  const exists = await stat(join(gitDir, 'HEAD')).catch(() => null);
  if (!exists) await createMirror(home, gitDir);
  return mirrorAt(gitDir, log);
}

async function createMirror(home: string, gitDir: string): Promise<void> {
  const unfinished = join(home, `.new-${randomUUID()}`);
  await createBare(home, unfinished);
  try {
    await rename(unfinished, gitDir);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error; // another process was first: its mirror is as good
  }
}

/** An empty bare repository without hooks, whose HEAD names a branch that never is. */
export async function createBare(workingFolder: string, gitDir: string): Promise<void> {
  const args = ['init', '--bare', '--quiet', '--template=', '--initial-branch=factory-none', '--object-format=sha1'];
  const made = await runGit({ workingFolder, gitDir, args });
  if (made.exitCode !== 0) throw gitFailed({ args }, made.stderr);
}

function mirrorAt(gitDir: string, log: Log): Mirror {
  const call = (args: readonly string[], extra: Partial<GitCall> = {}): GitCall => ({
    gitDir,
    workingFolder: gitDir,
    ...extra,
    // Since git 2.43 a bare repository may read attributes from a commit, and a diff must not change by that.
    settings: ['attr.tree=4b825dc642cb6eb9a060e54bf8d69288fbee4904', ...(extra.settings ?? [])],
    args,
  });
  const run = async (args: readonly string[], extra?: Partial<GitCall>): Promise<GitResult> => {
    const giveUpAt = Date.now() + LOCK_WAIT_MS;
    for (;;) {
      const result = await runGit(call(args, extra));
      if (result.exitCode === 0 || !isLocked(result.stderr, gitDir) || Date.now() > giveUpAt) return result;
      await clearStaleLocks(gitDir, log);
      await sleep(LOCK_POLL_MS);
    }
  };
  const bytes = async (args: readonly string[], extra?: Partial<GitCall>): Promise<Buffer> => {
    const result = await run(args, extra);
    if (result.exitCode !== 0) throw gitFailed({ args }, result.stderr);
    return result.stdout;
  };
  return { gitDir, call, run, bytes, text: async (args, extra) => (await bytes(args, extra)).toString('utf8') };
}

/** A lock of this mirror, not one in the person's repository: those are theirs, and the message about them is for people. */
function isLocked(stderr: string, gitDir: string): boolean {
  return stderr.includes(`${gitDir}/`) && /\.lock'?: File exists/.test(stderr);
}

/** Brings base branch and factory branches from the far side into the mirror. Throws `base-not-found`, `repo-shallow`. */
export async function fetchInto(mirror: Mirror, side: FarSide, baseBranch: string): Promise<{ baseSha: string }> {
  const { address, options, call } = await side.reach('copy');
  const base = requireReadableBranch(baseBranch);
  const target = `refs/bases/${createHash('sha256').update(base).digest('hex').slice(0, 32)}`;
  const args = [
    'fetch',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-gc',
    '--no-recurse-submodules',
    '--prune',
    ...options,
    '--',
  ];
  const refspecs = [`+refs/heads/${base}:${target}`, '+refs/heads/factory/*:refs/heads/factory/*'];
  for (let attempt = 1; ; attempt += 1) {
    const result = await mirror.run([...args, address, ...refspecs], call);
    if (result.exitCode === 0) break;
    if (/couldn't find remote ref/.test(result.stderr)) {
      throw new FactoryError('base-not-found', `${side.name} has no branch ${quoted(base)} any more.`, {
        fix: 'Bring the branch back, or name another base branch for this project.',
      });
    }
    // Another process fetched the same refs in the meantime.
    if (attempt >= 5 || !/cannot lock ref/.test(result.stderr))
      throw side.explain(result.stderr) ?? gitFailed({ args }, result.stderr);
  }
  return { baseSha: (await mirror.text(['rev-parse', '--verify', `${target}^{commit}`])).trim() };
}

/** Heads of the far side as they are now, by branch name; absent ones are left out. */
export async function readHeads(
  mirror: Mirror,
  side: FarSide,
  branches: readonly string[],
): Promise<Map<string, string>> {
  const { address, options, call } = await side.reach('list');
  const refs = branches.map((branch) => `refs/heads/${requireReadableBranch(branch)}`);
  const args = ['ls-remote', ...options, '--', address, ...refs];
  const result = await mirror.run(args, call);
  if (result.exitCode !== 0) throw side.explain(result.stderr) ?? gitFailed({ args }, result.stderr);
  const heads = new Map<string, string>();
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [sha = '', ref = ''] = line.split('\t');
    // A pattern also matches the end of longer names (`refs/x/refs/heads/main`).
    if (refs.includes(ref)) heads.set(ref.slice('refs/heads/'.length), sha);
  }
  return heads;
}

/** Throws FactoryError `commit-not-found` when the mirror does not hold the commit. */
export async function requireCommit(mirror: Mirror, sha: string): Promise<void> {
  if (!(await hasCommit(mirror, sha))) {
    throw new FactoryError(
      'commit-not-found',
      `The factory's copy of the repository has no commit ${sha.slice(0, 12)}.`,
      {
        fix: 'Refresh the copy from the repository; if the commit was removed there, start the task again.',
      },
    );
  }
}

/** Asked with an answer on stdout: simple-git waits 50 ms after a command that says nothing. */
export async function hasCommit(mirror: Mirror, sha: string): Promise<boolean> {
  const answer = await mirror.text(['cat-file', '--batch-check'], { input: `${sha}^{commit}\n` });
  return answer.startsWith(`${sha} commit `);
}

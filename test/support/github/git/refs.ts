import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { git, tryGit } from './run-git.ts';

/** What a ref or a commit's name stands for; null: nothing. */
export async function resolveCommit(folder: string, name: string): Promise<string | null> {
  if (name === '' || name.startsWith('-')) return null;
  const { code, stdout } = await tryGit(folder, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Null: there is no such branch. Looks into git's own file first; nothing packs refs here unless a test does. */
export async function branchHead(folder: string, branch: string): Promise<string | null> {
  if (branch === '' || branch.includes('..')) return null;
  const text = await readFile(path.join(folder, 'refs', 'heads', branch), 'utf8').catch(() => '');
  const sha = text.trim();
  return /^[0-9a-f]{40}$/.test(sha) ? sha : resolveCommit(folder, `refs/heads/${branch}`);
}

/** Full names to the commits or tags that they point at. */
export async function listRefs(folder: string, prefix = 'refs/'): Promise<Map<string, string>> {
  const lines = await git(folder, ['for-each-ref', '--format=%(refname) %(objectname)', prefix]);
  return new Map(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  );
}

export async function isAncestor(folder: string, old: string, young: string): Promise<boolean> {
  return (await tryGit(folder, ['merge-base', '--is-ancestor', old, young])).code === 0;
}

export async function isRefName(folder: string, ref: string): Promise<boolean> {
  return (await tryGit(folder, ['check-ref-format', ref])).code === 0;
}

import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from '../hub/types.ts';
import { git, tryGit } from './run-git.ts';
import { commitTree } from './write-commit.ts';

/** The tree of both together; null: they conflict. */
export async function mergeTree(folder: string, base: string, head: string): Promise<string | null> {
  const { code, stdout } = await tryGit(folder, ['merge-tree', '--write-tree', '--no-messages', base, head]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

export interface MergeRequest {
  method: 'merge' | 'squash' | 'rebase';
  base: string;
  head: string;
  message: string;
  /** Who wrote the squashed commit, and who merges. */
  author: Account;
  merger: Account;
}

/** The commit that the base would move to; null: there is a conflict. No ref is moved. */
export async function mergeCommits(folder: string, request: MergeRequest): Promise<string | null> {
  const { method, base, head, message, author, merger } = request;
  if (method === 'rebase') return rebase(folder, base, head);
  const tree = await mergeTree(folder, base, head);
  if (tree === null) return null;
  return method === 'merge'
    ? commitTree(folder, { tree, parents: [base, head], message, author: merger })
    : commitTree(folder, { tree, parents: [base], message, author });
}

async function rebase(folder: string, base: string, head: string): Promise<string | null> {
  const scratch = await mkdtemp(path.join(folder, 'rebase-'));
  const tree = path.join(scratch, 'tree');
  try {
    await git(folder, ['worktree', 'add', '--quiet', '--detach', tree, head]);
    const { code } = await tryGit(tree, ['rebase', '--quiet', base]);
    return code === 0 ? await git(tree, ['rev-parse', 'HEAD']) : null;
  } finally {
    await tryGit(folder, ['worktree', 'remove', '--force', tree]);
    await rm(scratch, { recursive: true, force: true });
  }
}

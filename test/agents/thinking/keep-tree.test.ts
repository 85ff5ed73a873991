import { describe, expect, it } from 'vitest';
import { keepTree } from '#agents/thinking/tools/keep-tree.ts';
import { openTestWorktree } from './open-worktree.ts';

const { signal } = new AbortController();

describe('running something that may write files', () => {
  it('puts back what it changed and leaves what was there before, staged or not', async () => {
    const { worktree, sh, text } = await openTestWorktree({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    await sh('echo mine > a.txt; git add a.txt; echo more >> a.txt');
    const { undone } = await keepTree(worktree, () => sh('echo theirs > a.txt; rm b.txt; echo new > c.txt'), signal);
    expect(undone).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect([await text('a.txt'), await text('b.txt'), await text('c.txt')]).toEqual(['mine\nmore\n', 'two\n', null]);
    expect((await sh('git show :a.txt')).stdout).toBe('mine\n');
  });

  it('does not make git forget a change of the same size in the second of the checkout', async () => {
    const { worktree, sh } = await openTestWorktree({ 'a.txt': 'one\n' });
    await sh(`git config core.trustctime false
      second=$(stat -c %Y .git/index); touch -d "@$second" a.txt; git update-index --refresh
      echo two > a.txt; touch -d "@$second" a.txt .git/index`);
    expect((await sh('sleep 1.1; git diff --name-only')).stdout).toBe('a.txt\n');
    await keepTree(worktree, () => sh('true'), signal);
    expect((await sh('git add -A; git diff --cached --name-only')).stdout).toBe('a.txt\n');
  });
});

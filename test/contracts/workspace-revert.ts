import { describe, expect, it } from 'vitest';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import { type TestRepository, workingClone } from '#test/support/repository.ts';

const author = { name: 'Ada', email: 'ada@example.invalid' };
const at = new Date('2026-03-01T10:00:00Z');
const message = 'Revert "Shout"\n\nIt was too loud.\n';

function refTo(repository: TestRepository): RepositoryRef {
  return { id: 'project-1', path: repository.path, baseBranch: 'main' };
}

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const withLine = (index: number, line: string): string => text(LINES.with(index, line));

/** A branch of two commits: a line of a file that was there changes, and a file comes with it. */
function branched() {
  const repository = workingClone({ 'song.txt': text(LINES), 'README.md': 'Song\n' });
  const baseSha = repository.head() ?? '';
  repository.git('switch', '-q', '-c', 'factory/1-shout');
  repository.commit({ 'song.txt': withLine(1, 'TWO') }, 'Shout');
  const headSha = repository.commit({ 'shout.txt': 'loud\n' }, 'Say how');
  repository.git('switch', '-q', 'main');
  return { repository, baseSha, headSha };
}

/** How a pull request lands; each answers the commit that a forge names as its merge. */
const landings = {
  'a merge': ({ git, head }: TestRepository) => {
    git('merge', '-q', '--no-ff', '-m', 'Merge it', 'factory/1-shout');
    return head() ?? '';
  },
  'a squash': ({ git, head }: TestRepository) => {
    git('merge', '-q', '--squash', 'factory/1-shout');
    git('commit', '-q', '-m', 'Shout (#1)');
    return head() ?? '';
  },
  'a rebase': (repository: TestRepository) => {
    repository.commit({ 'other.txt': 'somebody was faster\n' });
    repository.git('cherry-pick', 'main..factory/1-shout');
    return repository.head() ?? '';
  },
  'a base that only moved forward': ({ git, head }: TestRepository) => {
    git('merge', '-q', '--ff-only', 'factory/1-shout');
    return head() ?? '';
  },
} as const;

/** What every workspace must do with what was merged, on real repositories. */
export function describeReverts(name: string, create: () => Workspace): void {
  describe(`${name}: taking a merged change back`, () => {
    it.each(Object.entries(landings))('undoes all of it after %s, and keeps what came later', async (_, land) => {
      const { repository, baseSha, headSha } = branched();
      const mergedSha = land(repository);
      const ontoSha = repository.commit({
        'song.txt': text(LINES.with(1, 'TWO').with(6, 'SEVEN')),
        'later.txt': 'l\n',
      });
      const workspace = create();
      await workspace.refresh(refTo(repository));
      const revert = { mergedSha, baseSha, headSha, ontoSha, message, author, at };
      const made = await workspace.revertCommit(refTo(repository), revert);
      const read = async (path: string) => {
        const bytes = await workspace.readFile(refTo(repository), made.sha, path);
        return bytes === null ? null : Buffer.from(bytes).toString();
      };
      expect(await read('song.txt')).toBe(withLine(6, 'SEVEN'));
      expect(await read('shout.txt')).toBeNull();
      expect(await read('later.txt')).toBe('l\n');
      expect(await workspace.isAncestor(refTo(repository), ontoSha, made.sha)).toBe(true);
    });

    it('makes one commit, the same for the same arguments, and moves nothing', async () => {
      const { repository, workspace, revert } = await merged(create());
      const before = repository.git('for-each-ref');
      const made = await workspace.revertCommit(refTo(repository), revert);
      expect(await workspace.revertCommit(refTo(repository), revert)).toEqual(made);
      const elsewhere = create();
      await elsewhere.refresh(refTo(repository));
      expect(await elsewhere.revertCommit(refTo(repository), revert)).toEqual(made);
      const others = { ...revert, message: 'Another' };
      expect((await workspace.revertCommit(refTo(repository), others)).sha).not.toBe(made.sha);
      const [newest, next] = await workspace.history(refTo(repository), made.sha, { maxCommits: 2 });
      expect(newest).toMatchObject({ sha: made.sha, title: 'Revert "Shout"', at: at.toISOString() });
      expect(newest?.paths).toEqual(['shout.txt', 'song.txt']);
      expect(next?.sha).not.toBe(made.sha);
      expect(repository.git('for-each-ref')).toBe(before);
    });

    it('takes back what took it back', async () => {
      const { repository, workspace, revert } = await merged(create());
      const back = await workspace.revertCommit(refTo(repository), revert);
      const again = await workspace.revertCommit(refTo(repository), {
        ...revert,
        ...{ mergedSha: back.sha, baseSha: revert.ontoSha, headSha: back.sha, ontoSha: back.sha },
      });
      const facts = await workspace.diff(refTo(repository), revert.mergedSha, again.sha);
      expect(facts.files).toEqual([]);
    });

    it('names the files in which later work stands in the way', async () => {
      const { repository, workspace, revert } = await merged(create());
      const ontoSha = repository.commit({ 'song.txt': withLine(1, 'Two, but softly'), 'shout.txt': 'louder\n' });
      await workspace.refresh(refTo(repository));
      await expect(workspace.revertCommit(refTo(repository), { ...revert, ontoSha })).rejects.toMatchObject({
        code: 'revert-conflict',
        message: expect.stringMatching(/shout\.txt.*song\.txt/),
        fix: expect.stringContaining('Take over'),
      });
    });

    it('makes nothing of what was taken back already', async () => {
      const { repository, workspace, revert } = await merged(create());
      repository.git('revert', '--no-edit', '-m', '1', revert.mergedSha);
      const ontoSha = repository.head() ?? '';
      await workspace.refresh(refTo(repository));
      await expect(workspace.revertCommit(refTo(repository), { ...revert, ontoSha })).rejects.toMatchObject({
        code: 'already-reverted',
      });
    });

    it('makes nothing of what the base branch never held', async () => {
      const { repository, workspace, revert } = await merged(create());
      repository.git('reset', '-q', '--hard', revert.baseSha);
      const ontoSha = repository.commit({ 'other.txt': 'another way\n' });
      await workspace.refresh(refTo(repository));
      await expect(workspace.revertCommit(refTo(repository), { ...revert, ontoSha })).rejects.toMatchObject({
        code: 'nothing-to-revert',
      });
    });

    it.each([
      ['HEAD', 'sha-refused'],
      ['--all', 'sha-refused'],
      ['f'.repeat(40), 'commit-not-found'],
    ])('refuses %s as the commit that was merged', async (mergedSha, code) => {
      const { repository, workspace, revert } = await merged(create());
      await expect(workspace.revertCommit(refTo(repository), { ...revert, mergedSha })).rejects.toMatchObject({ code });
    });
  });
}

async function merged(workspace: Workspace) {
  const { repository, baseSha, headSha } = branched();
  const mergedSha = landings['a merge'](repository);
  await workspace.refresh(refTo(repository));
  return {
    repository,
    workspace,
    revert: { mergedSha, baseSha, headSha, ontoSha: mergedSha, message, author, at },
  };
}

import { expect, it } from 'vitest';
import { createMergeCommit } from '#infra/git/merge-commit.ts';
import { folderSide } from '#infra/git/far-side.ts';
import { fetchInto, openMirror } from '#infra/git/mirror.ts';
import { silentLog } from '#src/ports/log.ts';
import { gitIn, temporaryFolder, workingClone } from '#test/support/repository.ts';

async function mergeable() {
  const repository = workingClone();
  repository.git('switch', '-q', '-c', 'factory/1-x');
  const headSha = repository.commit({ 'x.txt': 'x\n' });
  const mirror = await openMirror(temporaryFolder(), 'project-1', silentLog);
  const { baseSha } = await fetchInto(mirror, folderSide(repository.path), 'main');
  return {
    mirror,
    merge: {
      baseSha,
      headSha,
      message: '-m looks like an option\n\nbody\n\n',
      at: new Date('2026-03-01T10:00:00.999Z'),
    },
  };
}

it('takes names, moment and message from its arguments and nothing from the machine', async () => {
  const { mirror, merge } = await mergeable();
  const { sha, tree } = await createMergeCommit(mirror, {
    ...merge,
    author: { name: 'Ada <x>\n', email: 'ada@example.invalid' },
  });
  const seconds = Date.parse('2026-03-01T10:00:00Z') / 1000;
  expect(gitIn(mirror.gitDir, 'cat-file', 'commit', sha)).toBe(
    [
      `tree ${tree}`,
      `parent ${merge.baseSha}`,
      `parent ${merge.headSha}`,
      `author Ada x <ada@example.invalid> ${seconds} +0000`,
      `committer Ada x <ada@example.invalid> ${seconds} +0000`,
      '',
      '-m looks like an option',
      '',
      'body',
      '',
    ].join('\n'),
  );
});

it('refuses an author without a name', async () => {
  const { mirror, merge } = await mergeable();
  const nameless = createMergeCommit(mirror, { ...merge, author: { name: ' <>\n', email: 'a@example.invalid' } });
  await expect(nameless).rejects.toMatchObject({ code: 'identity-refused' });
});

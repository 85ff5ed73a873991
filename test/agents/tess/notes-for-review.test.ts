import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteNotFetched, notePushed, noteWhatJudges } from '#agents/tess/notes-for-review.ts';
import { openStepFloor } from '../one-step.ts';

const FILES = {
  'package.json': '{"scripts":{"test":"node tools/run.js"}}\n',
  'tools/run.js': "import 'node:test';\n",
};
const BRANCH = 'factory/1-greet';

async function openBranch(files: Readonly<Record<string, string>>, more: (path: string) => void = () => {}) {
  const floor = await openStepFloor({ files: FILES });
  const { clone, baseSha, repo, workspace, tools } = floor;
  clone.git('checkout', '-q', '-b', BRANCH, baseSha);
  more(clone.path);
  const headSha = clone.commit(files, 'By hand');
  await workspace.refresh(repo);
  return { tools, repo, baseSha, headSha, workspace };
}

describe('what a person pushed to a branch without handing it back', () => {
  it.each([
    ['a workflow', { '.github/workflows/ci.yml': 'on: push\n' }, /\.github\/workflows\/ci\.yml.*protected/],
    ['rules', { 'factory.yaml': 'checks: []\n' }, /factory\.yaml.*protected/],
    ['a secret', { 'src/a.js': `const key = 'ghp_${'a1B2'.repeat(9)}';\n` }, /src\/a\.js.*GitHub token/],
    [
      'a secret as the name of a file',
      { [`ghp_${'a1B2'.repeat(9)}.txt`]: 'x\n' },
      /name of a file holds.*GitHub token/,
    ],
  ])('is told to whoever approves it: %s (A16, A17, C15, C23)', async (_what, files, told) => {
    const { tools, repo, baseSha, headSha } = await openBranch(files);
    const notes = await notePushed(tools, repo, { headSha, baseSha, hostFiles: [] });
    expect(notes).toEqual([expect.stringMatching(told)]);
  });

  it('is told to whoever approves it: a link out of the tree (A10)', async () => {
    const { tools, repo, baseSha, headSha } = await openBranch({ 'a.txt': 'x\n' }, (path) => {
      symlinkSync('/etc/passwd', join(path, 'link'));
    });
    expect(await notePushed(tools, repo, { headSha, baseSha, hostFiles: [] })).toEqual([
      expect.stringContaining('symbolic link'),
    ]);
  });

  it('that the factory would take too needs no word', async () => {
    const { tools, repo, baseSha, headSha } = await openBranch({ 'src/a.js': 'export const a = 1;\n' });
    expect(await notePushed(tools, repo, { headSha, baseSha, hostFiles: [] })).toEqual([]);
  });
});

it('a change of the test script, and of a file that it runs, are told from the commits themselves (A28)', async () => {
  const { tools, repo, baseSha, headSha, workspace } = await openBranch({
    'package.json': '{"scripts":{"test":"true"}}\n',
    'tools/run.js': '\n',
  });
  expect(await noteWhatJudges(tools, repo, await workspace.diff(repo, baseSha, headSha))).toEqual([
    'package.json: the script "test" was `node tools/run.js` and is `true` now.',
    'tools/run.js: the checks run it, and it is changed.',
  ]);
});

describe('what is not fetched', () => {
  it('is told to whoever decides: submodules and large files, wherever they came from', async () => {
    const { clone, repo, workspace, tools, baseSha } = await openStepFloor({ files: FILES });
    expect(await noteNotFetched(tools, repo, baseSha)).toEqual([]);
    clone.commit({
      'media/.gitattributes': '*.psd filter=lfs diff=lfs merge=lfs -text\n',
      'media/a.psd': `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`,
    });
    clone.git('update-index', '--add', '--cacheinfo', `160000,${baseSha},vendor/lib`);
    clone.git('commit', '-q', '-m', 'A submodule');
    const { baseSha: now } = await workspace.refresh(repo);
    expect(await noteNotFetched(tools, repo, now)).toEqual([
      'Submodules are not fetched, so the checks ran without them: vendor/lib.',
      'Large files (Git LFS) are not fetched; the checks saw their pointers.',
    ]);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWish } from '#src/commands/what-if-wish.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

let folder: TempFolder;
beforeAll(async () => {
  folder = await createTempFolder();
  const write = (name: string, content: string | Buffer) => writeFile(path.join(folder.path, name), content);
  await write('brief.txt', 'Be brief.\n');
  await write('marked.txt', '\ufeffBe brief.');
  await write('empty.txt', ' \n');
  await write('latin.txt', Buffer.from([0x42, 0xe9, 0x21]));
  await write('zero.txt', 'a\u0000b');
  await write('fits.txt', 'x'.repeat(64 * 1024));
  await write('large.txt', 'x'.repeat(64 * 1024 + 1));
  await mkdir(path.join(folder.path, 'folder'));
});
afterAll(() => folder.remove());

const read = (given: Parameters<typeof readWish>[0]) => readWish(given, folder.path, 'replay RUN');

describe('what a person wants to be other', () => {
  it.each<[string, Parameters<typeof readWish>[0], Awaited<ReturnType<typeof readWish>>]>([
    ['nothing', {}, null],
    ['a lesson more', { with: 'lesson:3' }, { kind: 'with', lesson: '3' }],
    ['a lesson less, by its id', { without: 'lesson:0197-ab' }, { kind: 'without', lesson: '0197-ab' }],
    ['instructions', { prompt: 'brief.txt' }, { kind: 'prompt', whose: null, instructions: 'Be brief.\n' }],
    [
      'somebody’s',
      { prompt: 'marked.txt', persona: 'vera:lock' },
      { kind: 'prompt', whose: 'vera:lock', instructions: 'Be brief.' },
    ],
    ['a model', { model: 'big' }, { kind: 'model', name: 'big' }],
  ])('%s', async (_what, given, wish) => {
    expect(await read(given)).toEqual(wish);
  });

  it('may be as long as 64 KiB', async () => {
    expect(await read({ prompt: 'fits.txt' })).toMatchObject({ kind: 'prompt' });
  });

  it.each<[string, Parameters<typeof readWish>[0], string]>([
    ['two changes at once', { with: 'lesson:3', model: 'big' }, 'usage'],
    ['a persona without instructions', { persona: 'mason', model: 'big' }, 'usage'],
    ['a lesson that is not named so', { with: '3' }, 'usage'],
    ['a lesson without a name', { with: 'lesson:' }, 'usage'],
    ['a lesson with a path for a name', { with: 'lesson:../../x' }, 'usage'],
    ['a file that is not there', { prompt: 'nowhere.txt' }, 'no-such-file'],
    ['a folder', { prompt: 'folder' }, 'not-a-file'],
    ['a file that is too long', { prompt: 'large.txt' }, 'prompt-too-large'],
    ['a file that says nothing', { prompt: 'empty.txt' }, 'prompt-not-text'],
    ['a file in another encoding', { prompt: 'latin.txt' }, 'prompt-not-text'],
    ['a file that is no text', { prompt: 'zero.txt' }, 'prompt-not-text'],
  ])('refuses %s', async (_what, given, code) => {
    await expect(read(given)).rejects.toMatchObject({ code });
  });
});

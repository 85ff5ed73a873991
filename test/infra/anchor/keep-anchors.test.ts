import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnchors } from '#infra/anchor/anchor-file.ts';
import { createAnchorKeeper } from '#infra/anchor/keep-anchors.ts';
import { silentLog } from '#src/ports/log.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

const at = '2026-11-20T09:00:00.000Z';
const hash = (letter: string) => letter.repeat(64);

let temp: TempFolder;
beforeEach(async () => {
  temp = await createTempFolder();
});
afterEach(() => temp.remove());

describe('the heads of the ledger that are noted outside of it (C31)', () => {
  it('are those at the start and at the end of work, each once', async () => {
    const file = path.join(temp.path, 'deep', 'anchors');
    let head = { seq: 0, hash: hash('0') };
    const keeper = createAnchorKeeper({
      file,
      ledger: { head: async () => head },
      clock: { now: () => new Date(at) },
      log: silentLog,
    });
    expect(await keeper.read()).toEqual([]);
    head = { seq: 3, hash: hash('a') };
    const first = keeper.start();
    await first.stop();
    head = { seq: 5, hash: hash('b') };
    await keeper.start().stop();
    await keeper.start().stop();
    expect(await keeper.read()).toEqual([
      { at, seq: 3, hash: hash('a') },
      { at, seq: 5, hash: hash('b') },
    ]);
    expect(await readFile(file, 'utf8')).toBe(`${at} 3:${hash('a')}\n${at} 5:${hash('b')}\n`);
  });

  it('do not hold up the work where the file cannot be written', async () => {
    const lines: string[] = [];
    const log = { ...silentLog, warn: (_fields: unknown, message: string) => void lines.push(message) };
    await writeFile(path.join(temp.path, 'taken'), '');
    const file = path.join(temp.path, 'taken', 'anchors');
    const ledger = { head: async () => ({ seq: 1, hash: hash('a') }) };
    await createAnchorKeeper({ file, ledger, clock: { now: () => new Date(at) }, log })
      .start()
      .stop();
    expect(new Set(lines)).toEqual(new Set(['the head of the ledger was not noted']));
  });
});

describe('a file of anchors', () => {
  it.each([
    ['a word', 'trust me\n'],
    ['a hash that is cut', `4:${hash('a').slice(1)}\n`],
    ['a line without its number', `${hash('a')}\n`],
  ])('with %s proves nothing, so it is refused (C31)', async (_what, text) => {
    const file = path.join(temp.path, 'anchors');
    await writeFile(file, `2:${hash('b')}\n\n${text}`);
    await expect(readAnchors(file)).rejects.toMatchObject({
      code: 'anchor-file-unreadable',
      message: expect.stringContaining('line 3 is no anchor'),
    });
  });

  it('that is not there is refused where somebody named it', async () => {
    await expect(readAnchors(path.join(temp.path, 'none'))).rejects.toMatchObject({ code: 'anchor-file-unreadable' });
  });
});

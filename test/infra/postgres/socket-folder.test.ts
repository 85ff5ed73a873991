import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureSocketFolder } from '#infra/postgres/socket-folder.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

let temp: TempFolder;
let made: string[] = [];
beforeEach(async () => {
  temp = await createTempFolder();
});
afterEach(async () => {
  await temp.remove();
  for (const folder of made) await rm(folder, { recursive: true, force: true });
  made = [];
});

async function ensure(dataDir = temp.path): Promise<string> {
  const folder = await ensureSocketFolder(dataDir, undefined);
  made.push(folder);
  return folder;
}

describe('ensureSocketFolder', () => {
  it('makes a short folder that only its user can enter, and finds it again', async () => {
    const folder = await ensure();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(folder)).toBeLessThan(60);
    expect(await ensure()).toBe(folder);
    await rm(folder, { recursive: true });
    expect(await ensure()).toBe(folder);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it('takes another name when the usual one is open to others, and remembers it', async () => {
    const usual = await ensure();
    await chmod(usual, 0o755);
    const other = await ensure();
    expect(other).not.toBe(usual);
    await chmod(usual, 0o700);
    expect(await ensure()).toBe(other);
  });

  it('does not follow the record of another data folder, or a broken one', async () => {
    const folder = await ensure();
    const copy = path.join(temp.path, 'copy');
    await mkdir(copy);
    await writeFile(path.join(copy, 'socket.json'), await readFile(path.join(temp.path, 'socket.json')));
    expect(await ensure(copy)).not.toBe(folder);
    await writeFile(path.join(temp.path, 'socket.json'), '{"folder":');
    expect(await ensure()).toBe(folder);
  });

  it('does not follow a record whose path is too long for a socket', async () => {
    const folder = await ensure();
    const record = { folder: `/tmp/${'x'.repeat(100)}`, dataDir: temp.path };
    await writeFile(path.join(temp.path, 'socket.json'), JSON.stringify(record));
    expect(await ensure()).toBe(folder);
  });
});

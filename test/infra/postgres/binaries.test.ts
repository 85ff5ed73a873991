import { mkdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries, restoreSymlinks } from '#infra/postgres/binaries.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await createTempFolder();
});
afterEach(async () => {
  await temp.remove();
});

describe('findBinaries', () => {
  it.each(['sunos-x64', 'linux-ppc64'])(
    'points to DATABASE_URL on %s, for which nothing is installed',
    async (platform) => {
      await expect(findBinaries({ home: temp.path, ids: undefined, platform })).rejects.toMatchObject({
        code: 'database-no-binaries',
        fix: expect.stringContaining('DATABASE_URL'),
      });
    },
  );
});

describe('restoreSymlinks', () => {
  it('makes the links that the install script would have made, and may be repeated', async () => {
    const links = [{ source: 'native/lib/libpart.so.5.18', target: 'native/lib/libpart.so.5' }];
    await mkdir(path.join(temp.path, 'lib'));
    await writeFile(path.join(temp.path, 'lib', 'libpart.so.5.18'), '');
    await writeFile(path.join(temp.path, 'pg-symlinks.json'), JSON.stringify(links));
    expect(restoreSymlinks(temp.path)).toBe(true);
    expect(restoreSymlinks(temp.path)).toBe(true);
    expect(await readlink(path.join(temp.path, 'lib', 'libpart.so.5'))).toBe('libpart.so.5.18');
  });

  it('has nothing to do where the package has no such list', () => {
    expect(restoreSymlinks(temp.path)).toBe(true);
  });
});

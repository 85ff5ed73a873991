import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDataHome } from '#infra/reachable/data-home.ts';
import { blockingFolder, isAllowed, unprivilegedIds } from '#infra/reachable/unprivileged.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

/** Somebody who owns nothing here. */
const ids = { uid: 65_534, gid: 65_534 };

let temp: TempFolder;
beforeEach(async () => {
  temp = await createTempFolder();
});
afterEach(async () => {
  await temp.remove();
});

async function makeClosedFolder(): Promise<string> {
  const closed = path.join(temp.path, 'closed');
  await mkdir(closed, { mode: 0o700 });
  return closed;
}

describe('chooseDataHome', () => {
  it('refuses folders of the kernel at once', async () => {
    await expect(chooseDataHome({ dataDir: '/proc/data', ids })).rejects.toMatchObject({
      code: 'data-home-unavailable',
    });
  });

  it('uses the asked folder in place when nobody else has to reach it', async () => {
    const dataDir = path.join(await makeClosedFolder(), 'data');
    expect(await chooseDataHome({ dataDir, ids: undefined })).toEqual({ path: dataDir, moved: false });
    expect((await stat(dataDir)).isDirectory()).toBe(true);
  });

  it('makes a reachable folder that others can pass through but not list, whatever the umask', async () => {
    const dataDir = path.join(temp.path, 'new', 'data');
    const umask = process.umask(0o077);
    try {
      expect(await chooseDataHome({ dataDir, ids })).toEqual({ path: dataDir, moved: false });
    } finally {
      process.umask(umask);
    }
    for (const folder of [path.dirname(dataDir), dataDir]) expect((await stat(folder)).mode & 0o777).toBe(0o711);
  });

  it('opens the folder itself when only that is closed', async () => {
    const dataDir = await makeClosedFolder();
    expect(await chooseDataHome({ dataDir, ids })).toEqual({ path: dataDir, moved: false });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
  });

  it('moves below a closed folder, always to the same place, and says why', async () => {
    const closed = await makeClosedFolder();
    const dataDir = path.join(closed, 'project', 'data');
    const fallbackParent = path.join(temp.path, 'fallback');
    const home = await chooseDataHome({ dataDir, ids, fallbackParent });
    expect(home).toMatchObject({ moved: true, why: expect.stringContaining(closed) });
    expect(path.dirname(home.path)).toBe(fallbackParent);
    expect(await chooseDataHome({ dataDir, ids, fallbackParent })).toEqual(home);
    expect(await readFile(path.join(home.path, 'stands-in-for.txt'), 'utf8')).toBe(`${dataDir}\n`);
    const other = await chooseDataHome({ dataDir: `${dataDir}-2`, ids, fallbackParent });
    expect(other.path).not.toBe(home.path);
  });

  it('says when data is left behind', async () => {
    const dataDir = path.join(await makeClosedFolder(), 'data');
    await mkdir(dataDir);
    await writeFile(path.join(dataDir, 'something'), '');
    const home = await chooseDataHome({ dataDir, ids, fallbackParent: path.join(temp.path, 'fallback') });
    expect(home).toMatchObject({ moved: true, why: expect.stringContaining(`${dataDir} is left there unused`) });
  });

  it('is an error when the way to the other place is closed too', async () => {
    const closed = await makeClosedFolder();
    const choice = chooseDataHome({
      dataDir: path.join(closed, 'data'),
      ids,
      fallbackParent: path.join(closed, 'other'),
    });
    await expect(choice).rejects.toMatchObject({ code: 'data-home-unavailable' });
  });

  it('is an error when the folder cannot be made', async () => {
    const file = path.join(temp.path, 'file');
    await writeFile(file, '');
    const choice = chooseDataHome({ dataDir: path.join(file, 'data'), ids: undefined });
    await expect(choice).rejects.toMatchObject({ code: 'data-home-unavailable' });
  });
});

describe('blockingFolder', () => {
  it('names the outermost folder that is closed, also behind a path that does not exist yet', async () => {
    const closed = await makeClosedFolder();
    await mkdir(path.join(closed, 'inner'), { mode: 0o700 });
    expect(await blockingFolder(path.join(closed, 'inner', 'not', 'there'), ids)).toBe(closed);
    expect(await blockingFolder(path.join(temp.path, 'not', 'there'), ids)).toBeUndefined();
  });
});

describe('isAllowed', () => {
  it('looks at the bits of owner, group or others, whichever comes first', () => {
    const stats = { mode: 0o751, uid: 1, gid: 2 };
    expect(isAllowed(stats, { uid: 1, gid: 9 }, 0o7)).toBe(true);
    expect(isAllowed(stats, { uid: 9, gid: 2 }, 0o5)).toBe(true);
    expect(isAllowed(stats, { uid: 9, gid: 2 }, 0o2)).toBe(false);
    expect(isAllowed(stats, { uid: 9, gid: 9 }, 0o1)).toBe(true);
    expect(isAllowed(stats, { uid: 9, gid: 9 }, 0o4)).toBe(false);
    expect(isAllowed({ mode: 0o077, uid: 1, gid: 2 }, { uid: 1, gid: 2 }, 0o1)).toBe(false);
  });
});

describe('unprivilegedIds', () => {
  it('names somebody else only for root', () => {
    expect(unprivilegedIds() === undefined).toBe(process.getuid?.() !== 0);
  });
});

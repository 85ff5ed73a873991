import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachableCopy } from '#infra/reachable/reachable-copy.ts';
import { blockingFolder } from '#infra/reachable/unprivileged.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';

const ids = { uid: 65_534, gid: 65_534 };

let temp: TempFolder;
let home = '';
beforeEach(async () => {
  temp = await createTempFolder();
  home = path.join(temp.path, 'home');
  await mkdir(home);
  await chmod(home, 0o711);
});
afterEach(async () => {
  await temp.remove();
});

/** A small folder of programs inside one that others may not enter. */
async function makeClosedTools(): Promise<string> {
  const tools = path.join(temp.path, 'closed', 'tools');
  await mkdir(path.join(tools, 'lib'), { recursive: true });
  await chmod(path.dirname(tools), 0o700);
  await writeFile(path.join(tools, 'program'), 'run me', { mode: 0o700 });
  await writeFile(path.join(tools, 'lib', 'part.so.1'), 'part', { mode: 0o600 });
  await symlink('part.so.1', path.join(tools, 'lib', 'part.so'));
  return tools;
}

describe('reachableCopy', () => {
  it('leaves everything in place when nobody else has to reach it', async () => {
    const tools = await makeClosedTools();
    expect(await reachableCopy(tools, home, undefined)).toBe(tools);
    expect(await readdir(home)).toEqual([]);
  });

  it('leaves in place what is open', async () => {
    const tools = path.join(temp.path, 'open');
    await mkdir(tools);
    await chmod(tools, 0o755);
    await writeFile(path.join(tools, 'program'), 'run me');
    await chmod(path.join(tools, 'program'), 0o755);
    expect(await reachableCopy(tools, home, ids)).toBe(tools);
  });

  it('copies when one file of an open folder is closed', async () => {
    const tools = await makeClosedTools();
    await chmod(path.dirname(tools), 0o755);
    expect(await reachableCopy(tools, home, ids)).not.toBe(tools);
  });

  it('copies a closed folder so that everybody can read and run it, links included', async () => {
    const copy = await reachableCopy(await makeClosedTools(), home, ids);
    expect(path.dirname(copy)).toBe(path.join(home, 'bin'));
    expect(await blockingFolder(path.join(copy, 'lib', 'x'), ids)).toBeUndefined();
    expect((await stat(path.join(copy, 'program'))).mode & 0o777).toBe(0o755);
    expect((await stat(path.join(copy, 'lib', 'part.so.1'))).mode & 0o777).toBe(0o644);
    expect(await readlink(path.join(copy, 'lib', 'part.so'))).toBe('part.so.1');
  });

  it('copies once, also when several ask at the same time and after a reinstall of the same', async () => {
    const tools = await makeClosedTools();
    const copies = await Promise.all([1, 2, 3].map(() => reachableCopy(tools, home, ids)));
    await utimes(path.join(tools, 'program'), 1, 1);
    copies.push(await reachableCopy(tools, home, ids));
    expect(new Set(copies).size).toBe(1);
    expect(await readdir(path.join(home, 'bin'))).toHaveLength(1);
  });

  it('copies anew when the content changed', async () => {
    const tools = await makeClosedTools();
    const before = await reachableCopy(tools, home, ids);
    await writeFile(path.join(tools, 'program'), 'run me better');
    const after = await reachableCopy(tools, home, ids);
    expect(after).not.toBe(before);
    expect(await readFile(path.join(after, 'program'), 'utf8')).toBe('run me better');
  });

  it('takes a single file', async () => {
    const tools = await makeClosedTools();
    const copy = await reachableCopy(path.join(tools, 'program'), home, ids);
    expect(await readFile(copy, 'utf8')).toBe('run me');
    expect((await stat(copy)).mode & 0o777).toBe(0o755);
  });
});

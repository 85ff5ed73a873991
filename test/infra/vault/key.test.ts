import { chmod, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readKey } from '#infra/vault/key.ts';
import { temporaryFolder } from '#test/support/repository.ts';

const place = () => ({ kind: 'file' as const, path: path.join(temporaryFolder(), 'accounts.key') });

describe('the key for accounts', () => {
  it('is made when it is first needed, readable by its owner only, and is the same from then on', async () => {
    const file = place();
    expect(await readKey(file, false)).toBeNull();
    const key = await readKey(file, true);
    expect(key).toHaveLength(32);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect(await readKey(file, true)).toEqual(key);
    expect(await readKey(file, false)).toEqual(key);
    expect(await readdir(path.dirname(file.path))).toEqual(['accounts.key']);
  });

  it('is one for all who make it at once', async () => {
    const file = place();
    const keys = await Promise.all(Array.from({ length: 8 }, () => readKey(file, true)));
    expect(new Set(keys.map((key) => key?.toString('hex'))).size).toBe(1);
  });

  it('is not taken from a file that others may read, that is a link, or that holds something else', async () => {
    const open = place();
    await readKey(open, true);
    await chmod(open.path, 0o640);
    await expect(readKey(open, true)).rejects.toMatchObject({ code: 'accounts-key-unusable' });

    const link = place();
    const other = place();
    await readKey(other, true);
    await symlink(other.path, link.path);
    await expect(readKey(link, true)).rejects.toMatchObject({ code: 'accounts-key-unusable' });

    const short = place();
    await writeFile(short.path, 'c2hvcnQ=\n', { mode: 0o600 });
    await expect(readKey(short, true)).rejects.toMatchObject({ code: 'accounts-key-unusable' });
  });

  it('comes from the setting where there is one, and is asked for where the database is shared', async () => {
    const key = Buffer.alloc(32, 3);
    expect(await readKey({ kind: 'setting', key }, true)).toBe(key);
    await expect(readKey({ kind: 'missing' }, true)).rejects.toMatchObject({
      code: 'accounts-key-missing',
      fix: expect.stringContaining('ACCOUNTS_KEY'),
    });
  });
});

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import { KEY_BYTES } from './seal.ts';

/** Where the key is: in a setting, or in a file of this machine that is made when it is first needed. */
export type KeyPlace = { kind: 'setting'; key: Buffer } | { kind: 'file'; path: string } | { kind: 'missing' };

/**
 * The key. `make`: a file that is not there is made; else null. FactoryError `accounts-key-missing` where the database
 * is shared and the key is not, `accounts-key-unusable` for a file that holds none or that others may read.
 */
export async function readKey(place: KeyPlace, make: boolean): Promise<Buffer | null> {
  if (place.kind === 'setting') return place.key;
  if (place.kind === 'missing') {
    throw new FactoryError('accounts-key-missing', 'The database is another one, and no key for accounts is set.', {
      fix: 'Set ACCOUNTS_KEY to the same for every process: `openssl rand -base64 32` makes one.',
    });
  }
  const found = await readFileKey(place.path);
  if (found !== null || !make) return found;
  await makeFile(place.path);
  return readFileKey(place.path);
}

async function readFileKey(path: string): Promise<Buffer | null> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) throw unusable(path, 'others on this machine may read it');
    const key = Buffer.from(await file.readFile('utf8'), 'base64');
    if (key.length !== KEY_BYTES) throw unusable(path, `it does not hold ${KEY_BYTES} bytes`);
    return key;
  } finally {
    await file.close();
  }
}

/** Whole or not at all, and of two processes the first one's counts. */
async function makeFile(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unusable(path: string, why: string): FactoryError {
  return new FactoryError('accounts-key-unusable', `The key for accounts in ${path} cannot be used: ${why}.`, {
    fix: 'Put the file back as it was, readable by its owner only. Or delete it: then everybody links their account again.',
  });
}

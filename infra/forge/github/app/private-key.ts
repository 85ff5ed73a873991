import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import type { GitHubAppSettings } from '#src/github-settings.ts';

/** The key that an App signs with. FactoryError `github-app-key-unreadable`; no error says anything of what the key holds. */
export async function readPrivateKey({ key }: GitHubAppSettings): Promise<KeyObject> {
  const pem = key.kind === 'pem' ? key.pem : await readFileOf(key.path);
  const where = key.kind === 'pem' ? 'GITHUB_APP_PRIVATE_KEY' : key.path;
  try {
    const read = createPrivateKey(pem);
    if (read.asymmetricKeyType === 'rsa') return read;
  } catch {
    // Its words may quote the key.
  }
  throw new FactoryError('github-app-key-unreadable', `${where} holds no RSA private key in PEM.`, {
    fix: 'Take the .pem file as GitHub gave it: on the page of the App, under Private keys, make a new one.',
  });
}

async function readFileOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new FactoryError('github-app-key-unreadable', `The private key at ${path} cannot be read (${code}).`, {
      fix: 'Set GITHUB_APP_PRIVATE_KEY_FILE to the .pem file of the App, readable by this user.',
    });
  }
}

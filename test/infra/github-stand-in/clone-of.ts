import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { git, tryGit } from '#test/support/github/git/run-git.ts';
import type { Token } from '#test/support/github/hub/types.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';

/** Somebody's clone, worked in with the machine's own git. */
export interface Clone {
  folder: string;
  /** Runs git there; throws with what it said. */
  git(...args: string[]): Promise<string>;
  /** The end of it, and what it said. */
  attempt(...args: string[]): Promise<{ isDone: boolean; said: string }>;
  /** Commits files on what is checked out and answers the commit. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
}

/** `http://x-access-token:…@…/acme/shop.git`, as the documentation has it. */
export function remoteUrl(githubUrl: string, token: Token | string | null, name = 'acme/shop'): string {
  const url = new URL(`${githubUrl}/${name}.git`);
  if (token !== null) {
    url.username = 'x-access-token';
    url.password = typeof token === 'string' ? token : token.value;
  }
  return url.href;
}

/** A clone that goes away with the running test. */
export async function cloneOf(url: string, ...options: string[]): Promise<Clone> {
  const temp = await createTempFolder();
  onTestFinished(() => temp.remove());
  await git(temp.path, ['clone', '--quiet', ...options, url, 'clone']);
  const folder = path.join(temp.path, 'clone');
  return {
    folder,
    git: (...args) => git(folder, args),
    async attempt(...args) {
      const { code, stderr, stdout } = await tryGit(folder, args);
      return { isDone: code === 0, said: stderr + stdout.toString('utf8') };
    },
    async commit(files) {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), content);
      }
      await git(folder, ['add', '--all']);
      await git(folder, ['commit', '--quiet', '--message', 'A commit']);
      return git(folder, ['rev-parse', 'HEAD']);
    },
  };
}

import type { Account } from '../hub/types.ts';
import { git } from './run-git.ts';

/** Content by path; null takes the file away. */
export type Files = Readonly<Record<string, string | Buffer | null>>;

export interface CommitWish {
  branch: string;
  /** Null: the branch's first. */
  parent: string | null;
  files: Files;
  message: string;
  author: Account;
  atMs: number;
}

/**
 * Writes a commit into a bare repository and moves a branch to it, from wherever it was; answers its id. By git
 * fast-import, so that a commit of any size costs one process.
 */
export async function writeCommit(folder: string, wish: CommitWish): Promise<string> {
  const { branch, parent, files, message, author, atMs } = wish;
  const who = `${author.name} <${author.email}> ${Math.trunc(atMs / 1000)} +0000`;
  const parts = [
    `commit refs/heads/${branch}\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    data(Buffer.from(`${message}\n`)),
    parent === null ? '' : `from ${parent}\n`,
    ...Object.entries(files).flatMap(([path, content]) =>
      content === null ? [`D ${quoted(path)}\n`] : [`M 100644 inline ${quoted(path)}\n`, data(Buffer.from(content))],
    ),
    '\nget-mark :1\ndone\n',
  ];
  const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const options = ['-c', 'fastimport.unpackLimit=1'];
  return git(folder, [...options, 'fast-import', '--quiet', '--force', '--done', '--cat-blob-fd=1'], { input });
}

function data(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** Writes a commit of a tree that is there already; no ref is moved. */
export function commitTree(
  folder: string,
  { tree, parents, message, author }: { tree: string; parents: readonly string[]; message: string; author: Account },
): Promise<string> {
  return git(folder, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
    input: message,
    env: { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email },
  });
}

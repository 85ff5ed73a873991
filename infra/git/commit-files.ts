import { join } from 'node:path';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';

export interface NewCommit {
  baseSha: string;
  /** Whole contents by path; other files stay as they are in the base. */
  files: ReadonlyMap<string, string>;
  message: string;
  author: GitIdentity;
  at: Date;
}

/** A commit on top of `baseSha`, as an object in the mirror; no ref moves. For words of our own, never for an agent's. */
export async function commitFiles(mirror: Mirror, { baseSha, files, message, author, at }: NewCommit): Promise<string> {
  await requireCommit(mirror, requireSha(baseSha, 'The base'));
  const index = { env: { GIT_INDEX_FILE: join(mirror.gitDir, `index-${baseSha}`) } };
  await mirror.text(['read-tree', baseSha], index);
  const entries: string[] = [];
  for (const [path, content] of files) {
    const blob = await mirror.text(['hash-object', '-w', '--stdin', '-t', 'blob'], { input: content });
    entries.push(`100644 ${blob.trim()}\t${path}\0`);
  }
  await mirror.text(['update-index', '-z', '--index-info'], { ...index, input: entries.join('') });
  const tree = (await mirror.text(['write-tree'], index)).trim();
  const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
  const sha = await mirror.text(['commit-tree', tree, '-p', baseSha], {
    input: `${message.trimEnd()}\n`,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return sha.trim();
}

import { FactoryError } from '#src/errors.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import type { Mirror } from './mirror.ts';
import { quoted } from './ref-names.ts';

export interface CommitToWrite {
  /** A tree, or a commit followed by `^{tree}`. */
  tree: string;
  parents: readonly string[];
  message: string;
  author: GitIdentity;
  at: Date;
}

/**
 * Writes a commit as an object of the mirror; no ref moves. Tree, parents, names, second and message are all that a
 * commit id is made of, so the same arguments give the same id, however often and wherever it runs.
 */
export async function writeCommit(mirror: Mirror, commit: CommitToWrite): Promise<string> {
  const name = identityPart(commit.author.name, 'name');
  const email = identityPart(commit.author.email, 'e-mail address');
  const seconds = Math.floor(commit.at.getTime() / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) throw new RangeError('a commit needs a moment after 1970');
  const date = `@${seconds} +0000`;
  const args = ['commit-tree', commit.tree, ...commit.parents.flatMap((parent) => ['-p', parent])];
  const sha = await mirror.text(args, {
    input: `${commit.message.trimEnd()}\n`,
    env: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return sha.trim();
}

/** Git drops these characters silently, and an identity of nothing else fails in the middle of a merge. */
function identityPart(value: string, what: string): string {
  const plain = value.replace(/[\p{Cc}<>]/gu, '').trim();
  if (plain === '') {
    throw new FactoryError(
      'identity-refused',
      `The author of a commit needs ${what === 'name' ? 'a name' : `an ${what}`}; got ${quoted(value)}.`,
      {
        fix: 'Set the name and e-mail address of the person who approves.',
      },
    );
  }
  return plain;
}

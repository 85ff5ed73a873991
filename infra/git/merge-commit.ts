import { FactoryError } from '#src/errors.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { quoted, requireSha } from './ref-names.ts';
import { gitFailed } from './run-git.ts';

/**
 * The merge of head into base as an object in the mirror; no ref moves. Tree, parents, names, second and message are
 * all that a commit id is made of, so the same arguments give the same id, however often and wherever it runs.
 */
export async function createMergeCommit(
  mirror: Mirror,
  merge: { baseSha: string; headSha: string; message: string; author: GitIdentity; at: Date },
): Promise<{ sha: string; tree: string }> {
  await requireCommit(mirror, requireSha(merge.baseSha, 'The base'));
  await requireCommit(mirror, requireSha(merge.headSha, 'The head'));
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', merge.baseSha, merge.headSha];
  const merged = await mirror.run(args);
  const [tree = '', ...conflicts] = merged.stdout.toString('utf8').split('\0').filter(Boolean);
  if (merged.exitCode === 1) throw conflict(conflicts);
  if (merged.exitCode !== 0) throw gitFailed({ args }, merged.stderr);

  const name = identityPart(merge.author.name, 'name');
  const email = identityPart(merge.author.email, 'e-mail address');
  const seconds = Math.floor(merge.at.getTime() / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) throw new RangeError('a merge needs a moment after 1970');
  const date = `@${seconds} +0000`;
  const sha = await mirror.text(['commit-tree', tree, '-p', merge.baseSha, '-p', merge.headSha], {
    input: `${merge.message.trimEnd()}\n`,
    env: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return { sha: sha.trim(), tree };
}

/** Git drops these characters silently, and an identity of nothing else fails in the middle of a merge. */
function identityPart(value: string, what: string): string {
  const plain = value.replace(/[\p{Cc}<>]/gu, '').trim();
  if (plain === '') {
    throw new FactoryError(
      'identity-refused',
      `The author of a merge needs ${what === 'name' ? 'a name' : `an ${what}`}; got ${quoted(value)}.`,
      {
        fix: 'Set the name and e-mail address of the person who approves.',
      },
    );
  }
  return plain;
}

function conflict(files: readonly string[]): FactoryError {
  const shown = files.slice(0, 10).map(quoted).join(', ');
  const more = files.length > 10 ? ` and ${files.length - 10} more` : '';
  return new FactoryError('merge-conflict', `The work and the base branch changed the same lines in ${shown}${more}.`, {
    fix: 'Have the work done again on the new base, or merge the branch by hand.',
  });
}

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocatedRepository, locateRepository, settingsOf } from '#infra/git/locate-repository.ts';
import type { Mirror } from '#infra/git/mirror.ts';
import { quoted } from '#infra/git/ref-names.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import {
  type Checkout,
  checkoutOf,
  filtersOf,
  hasUncommittedChanges,
  unfinishedCommand,
} from '#infra/git/work-tree.ts';

/**
 * Why a folder that has a branch checked out cannot be moved along from one commit to the next, as a sentence for its
 * owner, or null. Git itself refuses a dirty folder again at the push; what only this finds are filters, which would
 * be programs of the person's configuration, run by the factory. `spared`: a file whose changes are no obstacle.
 */
export async function obstacleIn(
  mirror: Mirror,
  repository: LocatedRepository,
  checkout: Checkout,
  move: { fromSha: string; toSha: string },
  spared: string | null = null,
): Promise<string | null> {
  const where = `${quoted(checkout.folder)}, which has ${quoted(checkout.branch)} checked out,`;
  const unfinished = await unfinishedCommand(checkout);
  if (unfinished !== null)
    return `In ${where} a ${unfinished} is not finished. Finish or abort it there, then press again.`;

  const filters = await filtersOf(repository);
  const attribute = await filterAttribute(mirror, move);
  if (filters.length > 0 || attribute !== null) {
    const names = (filters.length > 0 ? filters : [attribute ?? '']).map(quoted).join(', ');
    return `${where} uses the git filter ${names}, and the factory does not run filters. Switch to another branch there (\`git switch --detach\`), press again, then switch back.`;
  }
  if ((await settingsOf(repository)).has('core.worktree')) {
    return `${where} keeps its files in another folder (core.worktree). Switch to another branch there (\`git switch --detach\`), press again, then switch back.`;
  }
  if (await hasUncommittedChanges(checkout, spared)) {
    return `${where} has changes that are not committed. Commit or stash them there, then press again.`;
  }
  return null;
}

/** The same for a branch of the factory's that a person may have checked out to look at it. */
export async function branchObstacle(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  fromSha: string | null,
  toSha: string,
): Promise<string | null> {
  if (fromSha === null) return null;
  const repository = await locateRepository(repo.path);
  const checkout = await checkoutOf(repository, branch);
  return checkout && obstacleIn(mirror, repository, checkout, { fromSha, toSha });
}

/** What a folder that has the branch checked out holds besides its commits, as a sentence for its owner, or null. */
export async function workNotCommitted(repo: RepositoryRef, branch: string): Promise<string | null> {
  const checkout = await checkoutOf(await locateRepository(repo.path), branch);
  if (checkout === null) return null;
  const unfinished = await unfinishedCommand(checkout);
  if (unfinished !== null) return `In ${quoted(checkout.folder)} a ${unfinished} of ${quoted(branch)} is not finished.`;
  return (await hasUncommittedChanges(checkout))
    ? `${quoted(checkout.folder)} has changes to ${quoted(branch)} that are not committed.`
    : null;
}

/** What git found in the folder when it was about to move it, for its owner. */
export function pushObstacle(checkout: Checkout, said: string): string {
  const where = `${quoted(checkout.folder)}, which has ${quoted(checkout.branch)} checked out,`;
  const inTheWay = [
    ...said.matchAll(/Untracked working tree file '(.+)' would be overwritten/g),
    ...said.matchAll(/^(?:remote: )?\t(.+?)\s*$/gm),
  ];
  if (/untracked working tree file/i.test(said)) {
    const names = inTheWay.slice(0, 5).map(([, name]) => quoted(name ?? ''));
    return `${where} has files of the same name as files of this change, and git does not keep them yet: ${names.join(', ')}. Commit, move or delete them there, then press again.`;
  }
  if (/\.lock': File exists/.test(said)) {
    return `${where} is in use by another git command. When that has ended, press again; if none runs, delete the lock file that git names: ${quoted(/'([^']+\.lock)'/.exec(said)?.[1] ?? '')}.`;
  }
  if (/unstaged changes|staged changes|Up-to-date check failed|not uptodate/.test(said)) {
    return `${where} has changes that are not committed. Commit or stash them there, then press again.`;
  }
  return `${where} could not be moved along. Git said: ${quoted(said.slice(-200))}. Switch to another branch there (\`git switch --detach\`), then press again.`;
}

/** The filter that the new commit's attributes ask for on a file that changes (as Git LFS does), or null. */
async function filterAttribute(
  mirror: Mirror,
  { fromSha, toSha }: { fromSha: string; toSha: string },
): Promise<string | null> {
  const changed = await mirror.bytes([
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    fromSha,
    toSha,
  ]);
  const paths = changed
    .toString('latin1')
    .split('\0')
    .filter((_, index) => index % 2 === 1);
  if (paths.length === 0) return null;
  // Attributes are read from an index; a mirror has none, so it gets one for the moment.
  const index = join(mirror.gitDir, `factory-index-${randomUUID()}`);
  try {
    await mirror.text(['read-tree', toSha], { env: { GIT_INDEX_FILE: index } });
    const answer = await mirror.text(['check-attr', '--cached', '--stdin', '-z', 'filter'], {
      env: { GIT_INDEX_FILE: index },
      input: Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1'),
    });
    const values = answer.split('\0').filter((_, position) => position % 3 === 2);
    return values.find((value) => value !== 'unspecified' && value !== 'unset') ?? null;
  } finally {
    await rm(index, { force: true });
  }
}

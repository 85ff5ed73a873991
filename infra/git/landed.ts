import { isInHistory, parentsOf } from './ancestry.ts';
import type { Mirror } from './mirror.ts';

/** What a merged pull request was: the commit that the base branch holds since, and the base and head that it showed. */
export interface Merged {
  mergedSha: string;
  baseSha: string;
  headSha: string;
}

/**
 * The base branch before a merged change and after it. A merge commit and a squash are one commit of the base branch; a
 * rebase is as many as the head had; where the base only moved forward, they are the head's own.
 */
export async function landedBetween(
  mirror: Mirror,
  { mergedSha, baseSha, headSha }: Merged,
): Promise<{ before: string; after: string }> {
  const [parent = ''] = await parentsOf(mirror, mergedSha);
  if (await isInHistory(mirror, headSha, mergedSha)) {
    // Where nothing merged it, what is named as its merge may be any commit that came on top.
    const movedForward = headSha === mergedSha || (await isInHistory(mirror, headSha, parent));
    return movedForward ? { before: baseSha, after: headSha } : { before: parent, after: mergedSha };
  }
  const own = await commitsOf(mirror, [headSha, `^${baseSha}`]);
  const landed = await commitsOf(mirror, [mergedSha, `--max-count=${Math.max(1, own.length)}`]);
  const isRebased = own.length === landed.length && own.every(({ mark }, index) => mark === landed[index]?.mark);
  return { before: (isRebased ? landed.at(-1)?.parent : null) ?? parent, after: mergedSha };
}

/** Newest first. `mark`: author and words, which a rebase keeps. */
async function commitsOf(mirror: Mirror, range: readonly string[]): Promise<{ parent: string; mark: string }[]> {
  const args = ['log', '-z', '--topo-order', '--no-show-signature', '--no-notes', '--format=%P%n%an%n%ae%n%at%n%B'];
  const listed = await mirror.text([...args, ...range]);
  return listed
    .split('\0')
    .filter((record) => record.trim() !== '')
    .map((record) => {
      const [parents = '', ...mark] = record.split('\n');
      return { parent: parents.split(' ')[0] ?? '', mark: mark.join('\n').trim() };
    });
}

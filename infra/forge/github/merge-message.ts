import type { Mirror } from '#infra/git/mirror.ts';
import type { MergeMethod } from '#src/ports/forge.ts';
import type { ApprovedMerge } from '../require-merge-of.ts';

const CREDIT = /^co-authored-by: /i;

/**
 * What the commit that lands says: the words of the prepared merge. One commit in place of several keeps whom they
 * credit; commits that are made anew keep their own words, and GitHub reads none of these.
 */
export async function mergeMessage(
  mirror: Mirror,
  { baseSha, headSha, mergeSha }: ApprovedMerge,
  method: MergeMethod,
): Promise<{ title: string; body: string }> {
  const [title = '', ...rest] = (await messageOf(mirror, mergeSha)).split('\n');
  const body = rest.join('\n').trim();
  if (method !== 'squash') return { title, body };
  const credits = await creditsOf(mirror, baseSha, headSha);
  return { title, body: credits.length === 0 ? body : `${body}\n\n${credits.join('\n')}`.trim() };
}

async function messageOf(mirror: Mirror, sha: string): Promise<string> {
  return (await mirror.text(['log', '--no-walk=unsorted', '--format=%B', '--no-show-signature', sha])).trim();
}

/** Each once, oldest first. */
async function creditsOf(mirror: Mirror, baseSha: string, headSha: string): Promise<string[]> {
  const range = [headSha, `^${baseSha}`];
  const said = await mirror.text(['log', '--reverse', '--format=%B', '--no-show-signature', ...range]);
  return [...new Set(said.split('\n').filter((line) => CREDIT.test(line)))];
}

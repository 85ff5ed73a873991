import { mergeCommits } from '../git/merge-commits.ts';
import { branchHead } from '../git/refs.ts';
import { git } from '../git/run-git.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import { inTurn } from '../hub/hub.ts';
import { Refusal } from '../hub/refusal.ts';
import type { Account, MergeMethod, Repository } from '../hub/types.ts';
import { needUnarchived } from './issues.ts';
import { markMerged } from './mark-merged.ts';
import { mergeObstacles } from './merge-obstacles.ts';
import { allowsMethod, protectionsOf } from './protections.ts';
import { afterRefChanges } from './ref-changes.ts';

export interface MergeWish {
  method?: MergeMethod;
  /** Where the head must be. */
  sha?: string;
  title?: string;
  message?: string;
}

const NOT_MERGEABLE = 'Pull Request is not mergeable';

const NOT_ALLOWED: Readonly<Record<MergeMethod, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/** Merges, or refuses: 409 when the head is elsewhere, 405 for everything else. */
export function mergePull(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: PullRequest,
  wish: MergeWish,
): Promise<string> {
  return inTurn(repository, async () => {
    needUnarchived(repository);
    const { pull } = issue;
    if (issue.state === 'closed') throw new Refusal(405, NOT_MERGEABLE);
    if (wish.sha !== undefined && wish.sha !== pull.headSha)
      throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
    if (pull.isDraft) throw new Refusal(405, 'Pull Request is still a draft');
    const method = wish.method ?? 'merge';
    if (!allowsMethod(repository, pull.baseRef, method)) throw new Refusal(405, NOT_ALLOWED[method]);
    await needNoObstacle(repository, actor, issue);
    const base = await branchHead(repository.folder, pull.baseRef);
    const merged =
      base === null
        ? null
        : await mergeCommits(repository.folder, {
            method,
            base,
            head: pull.headSha,
            message: messageOf(repository, issue, wish),
            author: issue.author,
            merger: actor,
          });
    if (base === null || merged === null) throw new Refusal(405, NOT_MERGEABLE);
    const ref = `refs/heads/${pull.baseRef}`;
    await git(repository.folder, ['update-ref', ref, merged, base]);
    markMerged(hub, repository, actor, issue, merged);
    await afterRefChanges(hub, repository, actor, [{ ref, before: base, after: merged }]);
    return merged;
  });
}

async function needNoObstacle(repository: Repository, actor: Account, issue: PullRequest): Promise<void> {
  const rules = protectionsOf(repository, issue.pull.baseRef);
  if (rules.length > 0 && rules.every(({ bypass }) => bypass.includes(actor.login))) return;
  const obstacles = await mergeObstacles(repository, issue);
  if (obstacles.length === 0) return;
  const said = obstacles.map(({ text }) => text).join('\n\n');
  const isRuleset = obstacles.some(({ kind }) => kind === 'ruleset');
  throw new Refusal(405, isRuleset ? `Repository rule violations found\n\n${said}\n\n` : said);
}

function messageOf(repository: Repository, issue: PullRequest, { method, title, message }: MergeWish): string {
  const isSquash = method === 'squash';
  const subject =
    title ??
    (isSquash
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${repository.owner.login}/${issue.pull.headRef}`);
  const rest = message ?? (isSquash ? '' : issue.title);
  return rest === '' ? `${subject}\n` : `${subject}\n\n${rest}\n`;
}

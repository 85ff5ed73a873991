import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { countCommits } from '../git/read-commits.ts';
import { branchHead, isAncestor } from '../git/refs.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import { isSameName, pullsOf, touch } from '../hub/hub.ts';
import { invalid, Refusal } from '../hub/refusal.ts';
import type { Account, Pull, Repository } from '../hub/types.ts';
import { needUnarchived, newIssue } from './issues.ts';

export interface PullDraft {
  title: string;
  body?: string | null;
  /** `topic` or `owner:topic` */
  head: string;
  base: string;
  isDraft?: boolean;
}

export async function openPull(
  hub: Hub,
  repository: Repository,
  author: Account,
  draft: PullDraft,
): Promise<PullRequest> {
  needUnarchived(repository);
  const headRef = ownBranch(repository, draft.head);
  const [headSha, baseSha] = await Promise.all([
    headRef === null ? null : branchHead(repository.folder, headRef),
    branchHead(repository.folder, draft.base),
  ]);
  if (headRef === null || headSha === null) throw invalid('PullRequest', { field: 'head', code: 'invalid' });
  if (baseSha === null) throw invalid('PullRequest', { field: 'base', code: 'invalid' });
  const custom = (message: string) => invalid('PullRequest', { code: 'custom', message });
  if ((await countCommits(repository.folder, `${baseSha}..${headSha}`)) === 0)
    throw custom(`No commits between ${draft.base} and ${headRef}`);
  const isDuplicate = openPulls(repository).some(({ pull }) => pull.headRef === headRef && pull.baseRef === draft.base);
  if (isDuplicate) throw custom(`A pull request already exists for ${repository.owner.login}:${headRef}.`);
  const pull: Pull = {
    id: hub.nextId(),
    headRef,
    baseRef: draft.base,
    headSha,
    baseSha,
    isDraft: draft.isDraft ?? false,
    mergedAtMs: null,
    mergedBy: null,
    mergeCommitSha: null,
    lastPusher: author,
    reviews: [],
    reviewComments: [],
    requestedReviewers: [],
    mergeability: { key: '', readsLeft: 0, isMergeable: null },
  };
  const issue: PullRequest = { ...newIssue(hub, repository, author, draft), pull };
  repository.issues.set(issue.number, issue);
  await keepPullRef(repository, issue);
  hub.publisher.pull(repository, author, issue, 'opened');
  return issue;
}

export function openPulls(repository: Repository): PullRequest[] {
  return pullsOf(repository).filter(({ state }) => state === 'open');
}

/** GitHub keeps each head under `refs/pull`, also when its branch is gone. */
export async function keepPullRef(repository: Repository, { number, pull }: PullRequest): Promise<void> {
  const folder = path.join(repository.folder, 'refs', 'pull', String(number));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'head'), `${pull.headSha}\n`);
}

export function closePull(hub: Hub, repository: Repository, actor: Account, issue: PullRequest): void {
  needUnarchived(repository);
  if (issue.state === 'closed') return;
  Object.assign(issue, { state: 'closed', closedAtMs: hub.clock.nowMs(), closedBy: actor });
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, 'closed');
}

export async function reopenPull(hub: Hub, repository: Repository, actor: Account, issue: PullRequest): Promise<void> {
  needUnarchived(repository);
  if (issue.state === 'open') return;
  const { pull } = issue;
  const cannot = (why: string) =>
    invalid('PullRequest', { field: 'state', code: 'invalid', message: `state cannot be changed. ${why}` });
  if (pull.mergedAtMs !== null) throw cannot('The pull request is already merged.');
  const head = await branchHead(repository.folder, pull.headRef);
  if (head === null) throw cannot(`The ${pull.headRef} branch has been deleted.`);
  if (!(await isAncestor(repository.folder, pull.headSha, head)))
    throw cannot(`The ${pull.headRef} branch was force-pushed or recreated.`);
  if (openPulls(repository).some((one) => one.pull.headRef === pull.headRef && one.pull.baseRef === pull.baseRef))
    throw cannot(`There is already an open pull request from ${pull.headRef} to ${pull.baseRef}.`);
  Object.assign(issue, { state: 'open', closedAtMs: null, closedBy: null });
  pull.headSha = head;
  await keepPullRef(repository, issue);
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, 'reopened');
}

export async function changeBase(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: PullRequest,
  base: string,
): Promise<void> {
  const baseSha = await branchHead(repository.folder, base);
  if (baseSha === null) throw invalid('PullRequest', { field: 'base', code: 'invalid' });
  const from = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
  Object.assign(issue.pull, { baseRef: base, baseSha });
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, 'edited', { changes: { base: from } });
}

/** Only GraphQL offers it, both ways. */
export function setDraft(hub: Hub, repository: Repository, actor: Account, issue: PullRequest, isDraft: boolean): void {
  needUnarchived(repository);
  if (issue.state === 'closed') throw new Refusal(422, 'Pull request is closed.');
  if (issue.pull.isDraft === isDraft)
    throw new Refusal(422, `Pull request is ${isDraft ? 'already' : 'not'} in draft state.`);
  issue.pull.isDraft = isDraft;
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, isDraft ? 'converted_to_draft' : 'ready_for_review');
}

function ownBranch(repository: Repository, head: string): string | null {
  const [owner = '', branch] = head.split(':');
  if (branch === undefined) return owner;
  return isSameName(owner, repository.owner.login) ? branch : null;
}

import type { Publisher } from '../delivery/publisher.ts';
import type { DeviceGrant, Renewal } from '../login/device-flow.ts';
import type { GitHubClock } from './clock.ts';
import { notFound } from './refusal.ts';
import type { Account, App, Issue, Pull, Repository, Token } from './types.ts';

/** All that the stand-in knows. It only keeps; the other modules decide. */
export interface Hub {
  clock: GitHubClock;
  /** Without a slash at the end. */
  baseUrl: string;
  /** Where the bare repositories are. */
  folder: string;
  accounts: Account[];
  apps: App[];
  repositories: Repository[];
  tokens: Map<string, Token>;
  grants: DeviceGrant[];
  renewals: Renewal[];
  publisher: Publisher;
  /** Reads of a pull request that say `mergeable: null` after its commits changed. */
  mergeableAfterReads: number;
  /** Told after every push, merge and change of a branch; null: it was deleted. */
  onBranchChange: ((repository: Repository, branch: string, sha: string | null) => void)[];
  nextId(): number;
}

export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function apiUrl(hub: Hub): string {
  return `${hub.baseUrl}/api`;
}

export function repositoryUrl(hub: Hub, repository: Repository): string {
  return `${apiUrl(hub)}/repos/${fullName(repository)}`;
}

export function htmlUrl(hub: Hub, repository: Repository): string {
  return `${hub.baseUrl}/${fullName(repository)}`;
}

/** GitHub's names do not mind upper and lower case. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function findRepository(hub: Hub, name: string): Repository | undefined {
  return hub.repositories.find((one) => isSameName(fullName(one), name));
}

/** The repository that had this name before. */
export function findRenamed(hub: Hub, name: string): Repository | undefined {
  return hub.repositories.find((one) => one.formerNames.some((former) => isSameName(former, name)));
}

export function findAccount(hub: Hub, login: string): Account | undefined {
  return hub.accounts.find((one) => isSameName(one.login, login));
}

export function issueOf(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw notFound();
  return issue;
}

export type PullRequest = Issue & { pull: Pull };

export function isPullRequest(issue: Issue): issue is PullRequest {
  return issue.pull !== null;
}

export function pullOf(repository: Repository, number: number): PullRequest {
  const issue = issueOf(repository, number);
  if (!isPullRequest(issue)) throw notFound();
  return issue;
}

export function pullsOf(repository: Repository): PullRequest[] {
  return [...repository.issues.values()].filter(isPullRequest);
}

export function nextNumber(repository: Repository): number {
  return Math.max(0, ...repository.issues.keys()) + 1;
}

export function touch(hub: Hub, issue: Issue): void {
  issue.updatedAtMs = hub.clock.nowMs();
}

/** Runs `work` when all that came before it in this repository is done. */
export function inTurn<Result>(repository: Repository, work: () => Promise<Result>): Promise<Result> {
  const turn = repository.queue.then(work, work);
  repository.queue = turn.catch(() => undefined);
  return turn;
}

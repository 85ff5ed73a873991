import type { SurfaceDesk } from '#src/desk/desk.ts';
import type { PlaceThread } from '#src/ledger/place.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Issues } from '#src/ports/issues.ts';
import type { Log } from '#src/ports/log.ts';
import type { People } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

/** What the handlers of GitHub's deliveries stand on. */
export interface GitHubTools {
  desk: SurfaceDesk;
  issues: Issues;
  people: People;
  unitOfWork: Pick<UnitOfWork, 'inbox' | 'tables' | 'conversations' | 'withLock' | 'transact'>;
  /** Of the workers that tasks are woken for. */
  lane: string;
  /** Issues that carry it are conversations. */
  label: string;
  /** Of GitHub's pages: `github.com`. */
  host: string;
  clock: Clock;
  log: Log;
}

/** An issue, by the name that its repository has now. */
export interface IssueRef {
  /** `OWNER/NAME`. */
  repository: string;
  number: number;
}

export function threadOf({ host }: Pick<GitHubTools, 'host'>, { repository, number }: IssueRef): PlaceThread {
  return { surface: 'github', team: host, channel: repository, root: String(number) };
}

export function issueAt({ channel, root }: Pick<PlaceThread, 'channel' | 'root'>): IssueRef {
  return { repository: channel, number: Number(root) };
}

/** As a bound repository is kept; see `RepositoryRef`. */
export function pathOf(repository: string): string {
  return `github:${repository}`;
}

export function actorOf(login: string): string {
  return `github:${login}`;
}

/** The identity of a body or comment for good, whatever brings it. */
export function originIdOf({ repository, number }: IssueRef, commentId: string | null): string {
  return `github/${repository}/issues/${number}${commentId === null ? '' : `/comments/${commentId}`}`;
}

/** Two labels that differ only by case are one on GitHub. */
export function hasLabel(labels: readonly string[], label: string): boolean {
  return labels.some((name) => name.toLowerCase() === label.toLowerCase());
}

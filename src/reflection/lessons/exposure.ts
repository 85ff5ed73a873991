import type { LessonRow, LessonUseRow } from '#src/ledger/reflection-rows.ts';
import type { Share } from '../statistics.ts';
import type { JudgedTask } from './judged-tasks.ts';

/** Tasks with a lesson's failure, of those that could have had it. */
export interface Exposure {
  before: Share;
  /** Tasks whose work was given the lesson before their first verdict. */
  after: Share;
  /** Tasks of the same time that were not given it. */
  without: Share;
  /** ISO 8601 UTC: since when the lesson counts in the words that it has. */
  since: string;
}

const DAY_MS = 86_400_000;
/** Longer ago the code was another, and the model often too. */
const DAYS_BEFORE = 90;

/**
 * Sorts a repository's tasks by whether a lesson could have changed them. `failed`: ids of those with its failure.
 * `planned`: the files of each task's first plan, by its id; a lesson about a path counts only tasks whose files are known.
 */
export function exposureTo(
  lesson: LessonRow,
  {
    tasks,
    failed,
    uses,
    planned,
  }: {
    tasks: readonly JudgedTask[];
    failed: ReadonlySet<string>;
    uses: readonly LessonUseRow[];
    planned: ReadonlyMap<string, readonly string[]>;
  },
): Exposure {
  const givenMs = firstUses(lesson, uses);
  const sinceMs = countsSince(lesson, givenMs);
  const fromMs = sinceMs - DAYS_BEFORE * DAY_MS;
  const untilMs = lesson.expiresAt === null ? sinceMs : Date.parse(lesson.expiresAt);
  const [before, after, without] = [none(), none(), none()];
  for (const { taskId, firstMs, isThought, isRead } of tasks) {
    const isFailed = failed.has(taskId);
    if (firstMs < fromMs || (!isFailed && !isRead) || !isInScope(lesson, planned.get(taskId))) continue;
    const isGiven = (givenMs.get(taskId) ?? Number.POSITIVE_INFINITY) <= firstMs;
    if (!isGiven && (!isThought || firstMs >= untilMs)) continue;
    const share = firstMs < sinceMs ? before : isGiven ? after : without;
    share.of += 1;
    share.count += isFailed ? 1 : 0;
  }
  return { before, after, without, since: new Date(sinceMs).toISOString() };
}

/** The stretch before a lesson with these uses that counts as its past, ISO 8601 UTC. */
export function reachOf(lesson: LessonRow, uses: readonly LessonUseRow[]): { from: string; since: string } {
  const sinceMs = countsSince(lesson, firstUses(lesson, uses));
  return {
    from: new Date(sinceMs - DAYS_BEFORE * DAY_MS).toISOString(),
    since: new Date(sinceMs).toISOString(),
  };
}

/** When each task was first given the lesson in the words that it has now, in ms. */
function firstUses({ wordedAt }: LessonRow, uses: readonly LessonUseRow[]): ReadonlyMap<string, number> {
  const wordedMs = Date.parse(wordedAt);
  const first = new Map<string, number>();
  for (const { taskId, at } of uses) {
    const usedMs = Date.parse(at);
    if (usedMs >= wordedMs) first.set(taskId, Math.min(usedMs, first.get(taskId) ?? usedMs));
  }
  return first;
}

/** The row knows the last decision. Where that was to renew the lesson or to let it go, its first use tells. */
function countsSince({ decidedAt, proposedAt, wordedAt }: LessonRow, givenMs: ReadonlyMap<string, number>): number {
  let sinceMs = Date.parse(decidedAt ?? proposedAt);
  for (const usedMs of givenMs.values()) sinceMs = Math.min(sinceMs, usedMs);
  return Math.max(sinceMs, Date.parse(wordedAt));
}

/** What a lesson for a persona is about goes through that persona's hands in every task. */
function isInScope({ scopeKind, scopeKey }: LessonRow, planned: readonly string[] | undefined): boolean {
  if (scopeKind !== 'path' || scopeKey === null) return true;
  return planned?.some((path) => path === scopeKey || path.startsWith(`${scopeKey}/`)) === true;
}

function none(): Share {
  return { count: 0, of: 0 };
}

import * as z from 'zod';
import { contentOf } from '#src/ledger/artifact.ts';
import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { FailureKind } from './fingerprint.ts';
import type { Period } from './period.ts';
import { within } from './period.ts';
import type { TaskHistory } from './task-history.ts';

/** One finding of a verdict that failed. */
export interface Failure {
  fingerprint: string;
  kind: FailureKind;
  check: string;
  test: string | null;
  paths: string[];
  taskId: string;
  taskNumber: number;
  repoId: string;
  at: string;
  /** Of the event that tells of the verdict. */
  seq: number;
  attempt: number;
}

/** How far what was seen in several tasks reaches. */
export interface Reach {
  repoId: string;
  taskNumbers: number[];
  /** Conversations that those tasks come from. */
  conversations: number;
  /** Events that show it. */
  seqs: number[];
}

/** The same failure in several tasks. */
export interface RecurringFailure extends Reach {
  fingerprint: string;
  kind: FailureKind;
  check: string;
  test: string | null;
  times: number;
  /** Tasks of its repository that had a verdict in the period. */
  ofTasks: number;
  /** The folder that each of its findings names; null: they agree on none. */
  folder: string | null;
  firstAt: string;
  lastAt: string;
}

/** Failures of one kind around one folder. */
export interface BugPattern extends Reach {
  kind: FailureKind;
  /** Folder, such as `src/cart`. */
  place: string;
  times: number;
}

/** Why builds were turned back, whatever the test and the place. */
export interface RejectionReason extends Reach {
  kind: FailureKind;
  times: number;
}

/** In one task alone it is work, not a pattern. */
const MIN_TASKS = 2;
const MIN_TIMES = 3;
const MIN_PATTERN_TASKS = 3;

/** What the projection reads of a QaResultPacket. */
const verdictContent = z.object({
  findings: z.array(z.object({ check: z.string(), test: z.string().nullable(), text: z.string() })),
});

/** Findings of the verdicts that failed in the period. `erased`: verdicts whose words are gone, which count as unread. */
export async function readFailures(
  histories: readonly TaskHistory[],
  period: Period,
  artifacts: ArtifactReader,
): Promise<{ failures: Failure[]; erased: number }> {
  const failures: Failure[] = [];
  let erased = 0;
  for (const { taskId, number: taskNumber, repoId, verdicts } of histories) {
    for (const { outcome, at, seq, attempt, artifact } of verdicts) {
      if (outcome !== 'failed' || !within(period, at)) continue;
      const kept = artifact === null ? null : await artifacts.get(artifact);
      const read = kept === null ? null : verdictContent.safeParse(contentOf(kept)).data;
      if (read == null) {
        erased += 1;
        continue;
      }
      // A verdict that says the same twice is still one failure of it.
      const seen = new Set<string>();
      for (const finding of read.findings) {
        const { key, kind, paths } = fingerprintOf(finding);
        if (seen.has(key)) continue;
        seen.add(key);
        const { check, test } = finding;
        failures.push({ fingerprint: key, kind, check, test, paths, taskId, taskNumber, repoId, at, seq, attempt });
      }
    }
  }
  return { failures, erased };
}

/** What failed again and again, most often first. */
export function recurringFailures(
  failures: readonly Failure[],
  histories: readonly TaskHistory[],
  period: Period,
): RecurringFailure[] {
  const conversations = conversationsOf(histories);
  return groups(failures, ({ repoId, fingerprint }) => `${repoId}/${fingerprint}`)
    .filter((group) => group.length >= MIN_TIMES && tasksOf(group).length >= MIN_TASKS)
    .map((group): RecurringFailure => {
      const times = group.map(({ at }) => at).toSorted();
      const [{ fingerprint, kind, check, test, repoId }] = group;
      return {
        ...{ fingerprint, kind, check, test },
        ...reachOf(group, conversations),
        times: group.length,
        ofTasks: judgedIn(histories, repoId, period),
        folder: folderOf(group),
        firstAt: times[0] ?? '',
        lastAt: times.at(-1) ?? '',
      };
    })
    .toSorted((a, b) => b.times - a.times || compare(a.fingerprint, b.fingerprint));
}

/** Kinds of failures that come back around one folder, in whatever test. */
export function bugPatterns(failures: readonly Failure[], histories: readonly TaskHistory[]): BugPattern[] {
  const conversations = conversationsOf(histories);
  const placed = failures.flatMap((failure) => {
    const places = new Set(failure.paths.map(folderOfPath));
    return [...places].map((place) => ({ ...failure, place }));
  });
  return groups(placed, ({ repoId, kind, place }) => `${repoId}/${kind}/${place}`)
    .filter((group) => tasksOf(group).length >= MIN_PATTERN_TASKS)
    .map((group): BugPattern => {
      const [{ kind, place }] = group;
      return { kind, place, times: group.length, ...reachOf(group, conversations) };
    })
    .toSorted((a, b) => b.times - a.times || compare(a.place, b.place));
}

/** Kinds of failures that several tasks were turned back for, most often first. */
export function rejectionReasons(failures: readonly Failure[], histories: readonly TaskHistory[]): RejectionReason[] {
  const conversations = conversationsOf(histories);
  return groups(failures, ({ repoId, kind }) => `${repoId}/${kind}`)
    .filter((group) => tasksOf(group).length >= MIN_PATTERN_TASKS)
    .map((group): RejectionReason => {
      const [{ kind }] = group;
      return { kind, times: group.length, ...reachOf(group, conversations) };
    })
    .toSorted((a, b) => b.times - a.times || compare(a.kind, b.kind));
}

function reachOf(group: Group<Failure>, conversations: ReadonlyMap<string, string>): Reach {
  return {
    repoId: group[0].repoId,
    taskNumbers: tasksOf(group),
    conversations: new Set(group.map(({ taskId }) => conversations.get(taskId))).size,
    seqs: group.map(({ seq }) => seq),
  };
}

function conversationsOf(histories: readonly TaskHistory[]): ReadonlyMap<string, string> {
  return new Map(histories.map(({ taskId, conversationId }) => [taskId, conversationId]));
}

function judgedIn(histories: readonly TaskHistory[], repoId: string, period: Period): number {
  return histories.filter(
    (history) =>
      history.repoId === repoId &&
      history.verdicts.some(({ outcome, at }) => outcome !== 'no-checks' && within(period, at)),
  ).length;
}

/** The deepest one that all have in common, rather one of the code than one of its tests. */
function folderOf(group: Group<Failure>): string | null {
  const [first, ...others] = group.map(({ paths }) => new Set(paths.map(folderOfPath)));
  const common = [...(first ?? [])].filter((folder) => others.every((folders) => folders.has(folder)));
  const ranked = common.toSorted(
    (a, b) => Number(OF_TESTS.test(a)) - Number(OF_TESTS.test(b)) || b.length - a.length || compare(a, b),
  );
  return ranked[0] ?? null;
}

const OF_TESTS = /(?:^|\/)(?:tests?|specs?|__tests__)(?:\/|$)/;

const folderOfPath = (path: string): string => path.slice(0, path.lastIndexOf('/'));

type Group<T> = [T, ...T[]];

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Group<T>[] {
  const found = new Map<string, Group<T>>();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group === undefined) found.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...found.values()];
}

function tasksOf(failures: readonly Failure[]): number[] {
  return [...new Set(failures.map(({ taskNumber }) => taskNumber))].toSorted((a, b) => a - b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

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

/** The same failure in several tasks. */
export interface RecurringFailure {
  fingerprint: string;
  kind: FailureKind;
  check: string;
  test: string | null;
  times: number;
  taskNumbers: number[];
  firstAt: string;
  lastAt: string;
  seqs: number[];
}

/** Failures of one kind around one folder. */
export interface BugPattern {
  kind: FailureKind;
  /** Folder, such as `src/cart`. */
  place: string;
  times: number;
  taskNumbers: number[];
  seqs: number[];
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
export function recurringFailures(failures: readonly Failure[]): RecurringFailure[] {
  return groups(failures, ({ repoId, fingerprint }) => `${repoId}/${fingerprint}`)
    .filter((group) => group.length >= MIN_TIMES && tasksOf(group).length >= MIN_TASKS)
    .map((group): RecurringFailure => {
      const times = group.map(({ at }) => at).toSorted();
      const [{ fingerprint, kind, check, test }] = group;
      return {
        ...{ fingerprint, kind, check, test },
        times: group.length,
        taskNumbers: tasksOf(group),
        firstAt: times[0] ?? '',
        lastAt: times.at(-1) ?? '',
        seqs: group.map(({ seq }) => seq),
      };
    })
    .toSorted((a, b) => b.times - a.times || compare(a.fingerprint, b.fingerprint));
}

/** Kinds of failures that come back around one folder, in whatever test. */
export function bugPatterns(failures: readonly Failure[]): BugPattern[] {
  const placed = failures.flatMap((failure) => {
    const places = new Set(failure.paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
    return [...places].map((place) => ({ ...failure, place }));
  });
  return groups(placed, ({ repoId, kind, place }) => `${repoId}/${kind}/${place}`)
    .filter((group) => tasksOf(group).length >= MIN_PATTERN_TASKS)
    .map((group): BugPattern => {
      const [{ kind, place }] = group;
      return { kind, place, times: group.length, taskNumbers: tasksOf(group), seqs: group.map(({ seq }) => seq) };
    })
    .toSorted((a, b) => b.times - a.times || compare(a.place, b.place));
}

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

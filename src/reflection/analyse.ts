import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { loadOfSteps, slowedSteps } from './bottlenecks.ts';
import type { SlowedStep, StepLoad } from './bottlenecks.ts';
import { bugPatterns, readFailures, recurringFailures, rejectionReasons } from './failures.ts';
import type { BugPattern, RecurringFailure, RejectionReason } from './failures.ts';
import { measure } from './measures.ts';
import type { Measures } from './measures.ts';
import { readMends } from './mends.ts';
import type { Mend } from './mends.ts';
import type { Period } from './period.ts';
import { periodsBefore, within } from './period.ts';
import { readPlacedCauses } from './placed-causes.ts';
import type { PlacedCause } from './placed-causes.ts';
import type { LedgerReading } from './read-histories.ts';
import type { TaskHistory } from './task-history.ts';

/** What the ledger says about one project in one period, beside the periods before it. */
export interface Analysis {
  projectId: string;
  period: Period;
  measures: Measures;
  /** The periods before, oldest first. */
  earlier: { period: Period; measures: Measures }[];
  /** Tasks that were merged in the period, in that order. */
  merged: TaskHistory[];
  recurring: RecurringFailure[];
  /** What made recurring failures pass again, where that is known. */
  mends: Mend[];
  patterns: BugPattern[];
  reasons: RejectionReason[];
  /** Folders in which people or checks sent work back again and again. */
  sentBack: PlacedCause[];
  blocked: Cause[];
  loads: StepLoad[];
  slowed: SlowedStep[];
  /** Verdicts whose words were erased; what they found is not counted. */
  unread: number;
  /** Steps that the clock of the machine makes end before they began. */
  clockJumps: number;
}

/** Why work stood still, or why people sent it back. */
export interface Cause {
  /** A blocker's code, `changes-requested`, `rejected` … */
  code: string;
  taskNumbers: number[];
  seqs: number[];
}

/** A trend needs some points, and nobody reads many. */
const PERIODS_BEFORE = 4;

/** Reads nothing but ledger and artifacts; the same ledger gives the same analysis. */
export async function analyse(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  reading: LedgerReading,
  { projectId, period }: { projectId: string; period: Period },
): Promise<Analysis> {
  const histories = reading.histories.filter((history) => history.projectId === projectId);
  const before = periodsBefore(period, PERIODS_BEFORE);
  const comparedWith = { from: before[0]?.from ?? period.from, until: period.from };
  const { failures, erased } = await readFailures(histories, period, artifacts);
  const recurring = recurringFailures(failures, histories, period);
  return {
    projectId,
    period,
    measures: measure(histories, reading.ideaAt, period),
    earlier: before.map((each) => ({ period: each, measures: measure(histories, reading.ideaAt, each) })),
    merged: histories
      .filter(({ outcome, endedAt }) => outcome === 'merged' && within(period, endedAt))
      .toSorted((a, b) => Date.parse(a.endedAt ?? '') - Date.parse(b.endedAt ?? '')),
    recurring,
    mends: await readMends(recurring, failures, histories, artifacts),
    patterns: bugPatterns(failures, histories),
    reasons: rejectionReasons(failures, histories),
    sentBack: await readPlacedCauses(histories, period, artifacts),
    blocked: causesOf(histories, period),
    loads: loadOfSteps(histories, period),
    slowed: slowedSteps(histories, period, comparedWith),
    unread: erased,
    clockJumps: histories.reduce((jumps, history) => jumps + history.clockJumps, 0),
  };
}

function causesOf(histories: readonly TaskHistory[], period: Period): Cause[] {
  const causes = new Map<string, { numbers: Set<number>; seqs: number[] }>();
  const note = (code: string, number: number, seq: number): void => {
    const cause = causes.get(code) ?? { numbers: new Set(), seqs: [] };
    causes.set(code, cause);
    cause.numbers.add(number);
    cause.seqs.push(seq);
  };
  for (const { number, blocked, touches } of histories) {
    for (const { code, at, seq } of blocked) if (within(period, at)) note(code, number, seq);
    for (const { kind, at, seq } of touches)
      if (kind === 'rejected' && within(period, at)) note('rejected', number, seq);
  }
  return [...causes]
    .map(([code, { numbers, seqs }]): Cause => ({ code, taskNumbers: [...numbers].toSorted((a, b) => a - b), seqs }))
    .toSorted((a, b) => b.seqs.length - a.seqs.length || (a.code < b.code ? -1 : 1));
}

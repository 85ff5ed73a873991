/** One test case as a runner reported it. */
export interface TestCase {
  /** Suite and case names, outermost first, joined by ` > `. */
  name: string;
  status: 'passed' | 'failed' | 'skipped';
  /** Cleaned of control characters, at most 2,000 characters; null when it passed. */
  message: string | null;
}

/** One check (a command of the repository) as it ran in the sandbox. The exit code decides, never the prose. */
export interface CheckRun {
  name: string;
  command: string;
  exitCode: number | null;
  endedBy: null | 'wall-time' | 'memory' | 'disk' | 'processes' | 'stopped' | 'signal';
  durationMs: number;
  /** Cases by name where the runner reported in a readable form (TAP, JUnit XML, JSON); else null. */
  cases: TestCase[] | null;
  /** The end of stdout and stderr, cleaned, at most 4,000 characters. */
  outputTail: string;
}

/** All checks at one commit. `checks: []` means that the repository has none, which is never called passed. */
export interface CheckReport {
  sha: string;
  prepare: CheckRun | null;
  checks: CheckRun[];
}

/** Everything that ran, what prepared the repository first. */
export function allRuns({ prepare, checks }: CheckReport): CheckRun[] {
  return prepare === null ? checks : [prepare, ...checks];
}

/** The cases that failed, in order; none where they could not be read. */
export function failedCases({ cases }: Pick<CheckRun, 'cases'>): TestCase[] {
  return (cases ?? []).filter(({ status }) => status === 'failed');
}

/** How many cases passed and failed; null where they could not be read. */
export function countCases({ cases }: Pick<CheckRun, 'cases'>): { passed: number | null; failed: number | null } {
  const count = (status: TestCase['status']): number | null =>
    cases === null ? null : cases.filter((one) => one.status === status).length;
  return { passed: count('passed'), failed: count('failed') };
}

export type CriterionState = 'proven' | 'unproven' | 'failed';

export interface CriterionProof {
  criterionId: string;
  state: CriterionState;
  /** Name of the test case that proves or fails it; null when unproven. */
  test: string | null;
}

export interface QaVerdict {
  outcome: 'passed' | 'failed' | 'no-checks';
  proofs: CriterionProof[];
  /** What this change broke or left red, for the next attempt: short sentences with test names. */
  findings: { check: string; test: string | null; text: string }[];
  /** Failures that the base had too; shown apart, not held against the change. */
  knownBefore: { check: string; test: string | null }[];
}

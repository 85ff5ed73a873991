import type { Artifact } from '#src/ledger/artifact.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import type { CheckReport } from '#src/qa/report.ts';

/** What tests are locked on: the base, how it is checked, and what that came to. */
export interface LockBase {
  repo: RepositoryRef;
  baseSha: string;
  plan: CheckPlan;
  /** null: the base has no checks. */
  baseline: CheckReport | null;
}

export interface LockedTests {
  testsSha: string | null;
  testFiles: readonly string[];
  writtenBy: 'conversation' | 'vera' | null;
  redOnBase: boolean | null;
  notes: readonly string[];
  modelNotes: readonly string[];
  /** What the model worked from; null: none was asked. */
  pack: Artifact | null;
}

import { allRuns, failedCases } from '#src/qa/report.ts';
import type { CheckReport, CheckRun } from '#src/qa/report.ts';

function isRed(report: CheckReport): boolean {
  return allRuns(report).some(({ exitCode }) => exitCode !== 0);
}

/** Whether the new tests made it red. null: it was red before, and without names of tests the two cannot be told apart. */
export function failsForTheTests(report: CheckReport, baseline: CheckReport | null): boolean | null {
  if (!isRed(report)) return false;
  if (baseline === null || !isRed(baseline)) return true;
  const failures = (run: CheckReport) =>
    run.checks.flatMap((check) => failedCases(check).map(({ name }) => `${check.name}\n${name}`));
  const now = failures(report);
  if (now.length === 0) return null;
  const before = new Set(failures(baseline));
  return now.some((name) => !before.has(name));
}

/**
 * How runners say that a file could not be read as code. A name that an existing module does not export yet is
 * reported by Node as a SyntaxError too, and is what a test without its code looks like.
 */
const NOT_CODE =
  /\bSyntaxError: (?!The requested module\b|Named export\b|ambiguous\b)[^\n]*|\b(?:IndentationError|TabError): [^\n]*|^[^\n]*\bsyntax error[:,] [^\n]*|\bTransform failed with \d+ errors?[^\n]*|\bParse failure: [^\n]*|\bPARSE_ERROR\b[^\n]*/im;
/** A package by name, as against a file of the repository that is still to be written. */
const NO_PACKAGE = /\bCannot find (?:package|module) '(?![./]|[A-Za-z]:)([^'\n]+)'[^\n]*/;

/**
 * Why a red run proves nothing: a new failure comes from a test file that is no valid code, or that needs a package
 * which is not there. null: nothing of the kind can be told. A missing file of the repository itself is a proper red.
 */
function brokenTest(report: CheckReport, baseline: CheckReport | null): string | null {
  for (const check of report.checks) {
    const before = baseline?.checks.find(({ name }) => name === check.name) ?? null;
    for (const text of newFailures(check, before)) {
      const broken = (NOT_CODE.exec(text) ?? NO_PACKAGE.exec(text))?.[0];
      if (broken !== undefined) return broken.trim().slice(0, 300);
    }
  }
  return null;
}

/** What was said of the failures that were not there before. */
function newFailures(check: CheckRun, before: CheckRun | null): string[] {
  const known = new Set(before === null ? [] : failedCases(before).map(({ name }) => name));
  const fresh = failedCases(check).filter(({ name }) => !known.has(name));
  if (fresh.length > 0) return fresh.map(({ message }) => message ?? '');
  return check.exitCode === 0 || (before !== null && before.exitCode !== 0) ? [] : [check.outputTail];
}

/** Whether a run proves that the new tests are red for want of the code; `why`: why it does not, as a sentence. */
export function judgeRed(
  report: CheckReport,
  baseline: CheckReport | null,
): { why: string | null; redOnBase: boolean | null } {
  const redOnBase = failsForTheTests(report, baseline);
  const ended = report.checks.find((check) => check.endedBy !== null);
  const broken = brokenTest(report, baseline);
  if (redOnBase === false) return { redOnBase, why: 'They pass on the code as it is, without the change.' };
  if (report.prepare !== null && report.prepare.exitCode !== 0)
    return { redOnBase, why: 'The repository could not be prepared with them, so they did not run.' };
  if (ended !== undefined) return { redOnBase, why: `They did not end by themselves (${ended.endedBy}).` };
  if (broken !== null) return { redOnBase, why: `They cannot run: ${broken}` };
  return { redOnBase, why: null };
}

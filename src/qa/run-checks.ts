import { FactoryError } from '#src/errors.ts';
import type { SandboxResult, SandboxWorkspace } from '#src/ports/sandbox.ts';
import { cleanText, tailOf } from '#src/safety/clean-text.ts';
import type { CheckPlan, PlannedCheck, ReportSource } from './detect-checks.ts';
import { MAX_REPORT_BYTES, readReport } from './read-report.ts';
import { goOutputText } from './report-go.ts';
import type { CheckReport, CheckRun, TestCase } from './report.ts';

/** Beside the repository, so that a report never shows up as a change in it. */
const REPORTS_FOLDER = '.factory-reports';
const MAX_TAIL_CHARACTERS = 4_000;

export interface RunChecksOptions {
  /** The commit that is checked out. */
  sha: string;
  /** The repository's folder inside the workspace, relative. */
  cwd: string;
  signal?: AbortSignal;
}

/**
 * Runs a plan at one commit: `prepare` first, and the checks only when it ended well. What was stopped on request ends
 * the run; its later checks are left out. Rejects only when the sandbox itself cannot run anything.
 */
export async function runChecks(
  workspace: SandboxWorkspace,
  plan: CheckPlan,
  options: RunChecksOptions,
): Promise<CheckReport> {
  const report: CheckReport = { sha: options.sha, prepare: null, checks: [] };
  if (plan.checks.length === 0) return report;
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  if (plan.prepare !== null) {
    const { command, domains, timeoutSeconds } = plan.prepare;
    const result = await workspace.run({
      argv: ['sh', '-c', command],
      cwd: options.cwd,
      domains,
      limits: { wallSeconds: timeoutSeconds },
      ...signal,
    });
    report.prepare = { ...describe('prepare', command, result, printed(result)), cases: null };
    if (result.exitCode !== 0) return report;
  }
  const root = await workspaceRoot(workspace, options);
  for (const check of plan.checks) {
    if (options.signal?.aborted === true) break;
    report.checks.push(await runCheck(workspace, check, root, options));
  }
  return report;
}

async function runCheck(
  workspace: SandboxWorkspace,
  check: PlannedCheck,
  root: string,
  options: RunChecksOptions,
): Promise<CheckRun> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  // A report that was committed, or left by the check before, must not speak for this run.
  const stale = check.report?.from === 'repository' ? [inFolder(options.cwd, check.report.path)] : [];
  await workspace.run({
    argv: ['sh', '-c', 'rm -rf -- "$@" && mkdir -p -- "$1"', 'sh', REPORTS_FOLDER, ...stale],
    limits: { wallSeconds: 60 },
    ...signal,
  });
  const env = Object.fromEntries(
    Object.entries(check.env).map(([name, value]) => [
      name,
      value.replaceAll('{reports}', `${root}/${REPORTS_FOLDER}`),
    ]),
  );
  const result = await workspace.run({
    argv: ['sh', '-c', check.command],
    cwd: options.cwd,
    env,
    // Results that are read from what was printed need all of it.
    limits: { wallSeconds: check.timeoutSeconds, outputBytes: MAX_REPORT_BYTES },
    ...signal,
  });
  const found = await readCases(workspace, check.report, result, options.cwd);
  const run = describe(
    check.name,
    check.command,
    result,
    [printed(result), found.note].filter((part) => part !== '').join('\n'),
  );
  return { ...run, cases: found.cases };
}

async function readCases(
  workspace: SandboxWorkspace,
  source: ReportSource | null,
  result: SandboxResult,
  cwd: string,
): Promise<{ cases: TestCase[] | null; note: string }> {
  if (source === null) return { cases: null, note: '' };
  if (source.from !== 'stdout') {
    const path = source.from === 'reports' ? `${REPORTS_FOLDER}/${source.file}` : inFolder(cwd, source.path);
    try {
      const bytes = await workspace.read(path, MAX_REPORT_BYTES);
      if (bytes !== null) {
        const cases = readReport(new TextDecoder().decode(bytes));
        return { cases, note: cases === null ? `The results in ${path} could not be read.` : '' };
      }
    } catch (error) {
      if (!(error instanceof FactoryError)) throw error;
      return { cases: null, note: error.message };
    }
    if (source.from === 'repository') return { cases: null, note: `The check left no results in ${source.path}.` };
  }
  // Where something was dropped, a failure may be in it.
  if (result.droppedOutputBytes > 0) return { cases: null, note: '' };
  return { cases: readPrinted(result.stdout), note: '' };
}

/** Reads TAP or `go test -json` out of what was printed: runners and npm print lines of their own before it. */
function readPrinted(stdout: string): TestCase[] | null {
  const start = /^(TAP version \d+|1\.\.\d+|(not )?ok \d+|\{"(Time|Action|ImportPath)")/m.exec(cleanText(stdout));
  return start === null ? null : readReport(cleanText(stdout).slice(start.index));
}

function describe(name: string, command: string, result: SandboxResult, text: string): Omit<CheckRun, 'cases'> {
  return {
    name,
    command,
    exitCode: result.exitCode,
    endedBy: result.endedBy,
    durationMs: result.durationMs,
    outputTail: tailOf(cleanText(text).trim(), MAX_TAIL_CHARACTERS),
  };
}

function printed(result: SandboxResult): string {
  const dropped =
    result.droppedOutputBytes > 0 ? `(${result.droppedOutputBytes} bytes of earlier output were left out)\n` : '';
  const stdout = /^\{"(Time|Action|ImportPath)"/m.test(result.stdout) ? goOutputText(result.stdout) : result.stdout;
  return dropped + [stdout.trimEnd(), result.stderr.trimEnd()].filter((part) => part !== '').join('\n');
}

/** The workspace's absolute path as a command sees it: runners want one for their reports. */
async function workspaceRoot(workspace: SandboxWorkspace, options: RunChecksOptions): Promise<string> {
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  const result = await workspace.run({ argv: ['pwd'], limits: { wallSeconds: 60 }, ...signal });
  return result.stdout.trim();
}

function inFolder(folder: string, path: string): string {
  return folder === '' ? path : `${folder}/${path}`;
}

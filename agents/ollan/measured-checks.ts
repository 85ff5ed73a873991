import { measureCoverage } from '#src/qa/coverage.ts';
import type { LineCoverage } from '#src/qa/coverage.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { allRuns } from '#src/qa/report.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { runInWorktree } from '../tools/checks.ts';
import { REPO_DIR } from '../tools/worktree.ts';
import type { Worktree } from '../tools/worktree.ts';

/** Beside the repository and beside the reports, which are cleared before each check. */
const COVERAGE_DIR = '.factory-coverage';
const MAX_DOCUMENTS = 400;
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
const MAX_TOTAL_BYTES = 96 * 1024 * 1024;
const MAX_SOURCE_BYTES = 2 * 1024 * 1024;

export interface MeasuredChecks {
  report: CheckReport;
  /** Everything that there was to run ended well, and there was something. */
  isGreen: boolean;
  /** Of the given files; null: it cannot be measured here. */
  coverage: LineCoverage | null;
}

/** Runs the checks at the commit that is checked out, with Node's own coverage on. */
export async function measureChecks(
  worktree: Worktree,
  { plan, sha, files }: { plan: CheckPlan; sha: string; files: readonly string[] },
  signal: AbortSignal,
): Promise<MeasuredChecks> {
  const sources = await readSources(worktree, files);
  const checks = plan.checks.map((check) => ({
    ...check,
    env: { ...check.env, NODE_V8_COVERAGE: `{reports}/../${COVERAGE_DIR}` },
  }));
  const report = await runInWorktree(worktree, { ...plan, checks }, sha, signal);
  const isGreen = report.checks.length > 0 && allRuns(report).every(({ exitCode }) => exitCode === 0);
  return { report, isGreen, coverage: isGreen ? await readCoverage(worktree, sources, signal) : null };
}

/** As they were before anything ran, which is also what ran. */
async function readSources(worktree: Worktree, files: readonly string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const file of files) {
    const bytes = await worktree.workspace.read(`${REPO_DIR}/${file}`, MAX_SOURCE_BYTES);
    if (bytes !== null) sources.set(file, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  }
  return sources;
}

async function readCoverage(
  worktree: Worktree,
  sources: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<LineCoverage | null> {
  const { workspace } = worktree;
  const listed = await workspace.run({ argv: ['ls', '-1', '--', COVERAGE_DIR], signal });
  const names = listed.stdout.split('\n').filter((name) => /^coverage-[\w-]+\.json$/.test(name));
  if (listed.exitCode !== 0 || names.length === 0 || names.length > MAX_DOCUMENTS) return null;
  const root = await workspace.run({ argv: ['pwd', '-P'], cwd: REPO_DIR, signal });
  const documents: unknown[] = [];
  let totalBytes = 0;
  for (const name of names) {
    const bytes = await readDocument(worktree, name);
    totalBytes += bytes?.length ?? 0;
    if (bytes === null || totalBytes > MAX_TOTAL_BYTES) return null;
    try {
      documents.push(JSON.parse(new TextDecoder().decode(bytes)));
    } catch {
      // A process that was ended while it wrote.
      return null;
    }
  }
  return measureCoverage(documents, sources, root.stdout.trim());
}

async function readDocument({ workspace }: Worktree, name: string): Promise<Uint8Array | null> {
  try {
    return await workspace.read(`${COVERAGE_DIR}/${name}`, MAX_DOCUMENT_BYTES);
  } catch {
    // Too large, or not a plain file.
    return null;
  }
}

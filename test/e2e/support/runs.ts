import { expect } from 'vitest';
import { LedgerDocument, ReplayDocument, RunDocument } from './documents.ts';
import type { RunOptions, TestWorkbench } from './workbench.ts';

/** Real processes on a shared machine: the limit only ends a test that hangs. */
export const E2E_TIMEOUT_MS = 480_000;

/** Runs `run` to its end and checks that it left what it promises; answers its exit code with its document. */
export async function runFile(
  workbench: TestWorkbench,
  file: string,
  repo: string,
  words: readonly string[] = ['--approve-as', 'local'],
  options: RunOptions = {},
): Promise<RunDocument & { exitCode: number | null }> {
  const ran = await workbench.run(['run', file, '--repo', repo, ...words], options);
  const document = ran.document();
  const parsed = RunDocument.safeParse(document);
  if (!parsed.success) throw new Error(`not what run promises: ${JSON.stringify(document)}\n${ran.stderr}`);
  return { ...parsed.data, exitCode: ran.exitCode };
}

/** The ledger holds, and replaying it rebuilds every table. */
export async function expectSound(workbench: TestWorkbench): Promise<void> {
  const verified = await workbench.run(['ledger', 'verify']);
  expect(LedgerDocument.parse(verified.document())).toMatchObject({ verified: true, firstBad: null });
  expect(verified.exitCode).toBe(0);
  const replayed = await workbench.run(['replay', '--verify']);
  expect(ReplayDocument.parse(replayed.document()).differences).toEqual([]);
  expect(replayed.exitCode).toBe(0);
}

/** The first-parent history of a branch as subject lines, newest first. */
export function subjects(git: (...args: string[]) => string, branch = 'main'): string[] {
  return git('log', '--first-parent', '--format=%s', branch).trim().split('\n');
}

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { RunDocument } from '#test/e2e/support/documents.ts';
import { subjects } from '#test/e2e/support/runs.ts';
import type { TestWorkbench } from '#test/e2e/support/workbench.ts';
import { gitIn } from '#test/support/repository.ts';
import type { TestRepository } from '#test/support/repository.ts';
import { processesUnder } from './processes.ts';

/** What must be true after any interruption: each task merged once, by one pull request and one commit. */
export function expectMergedOnce(
  workbench: TestWorkbench,
  repository: TestRepository,
  result: RunDocument & { exitCode: number | null },
  tasks: number,
): void {
  expect(result.exitCode).toBe(0);
  expect(result.tasks.map(({ state }) => state)).toEqual(Array.from({ length: tasks }, () => 'merged'));
  expect(new Set(result.tasks.map(({ pullRequest }) => pullRequest)).size).toBe(tasks);

  const merges = repository.git('log', '--first-parent', '--merges', '--format=%H', 'main').trim().split('\n');
  expect(merges.toReversed()).toEqual(result.tasks.map(({ mergedSha }) => mergedSha));
  expect(subjects(repository.git)).toHaveLength(tasks + 1);
  const branches = repository.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/factory').trim().split('\n');
  expect(new Set(branches)).toEqual(new Set(result.tasks.map(({ branch }) => branch)));
  expect(repository.git('status', '--porcelain').trim()).toBe('');

  expect(pullRequestsOf(workbench, new Set(result.tasks.map(({ id }) => id)))).toEqual(
    result.tasks.map(({ id }) => ({ taskId: id, state: 'merged' })),
  );
}

/** The forge's own records of these tasks, in the order of their numbers. */
function pullRequestsOf(workbench: TestWorkbench, taskIds: ReadonlySet<string>): { taskId: string; state: string }[] {
  const mirrors = path.join(workbench.dataDir, 'mirrors');
  const records = readdirSync(mirrors).flatMap((name) => {
    const git = (...words: string[]) => gitIn(path.join(mirrors, name), ...words);
    const refs = git('for-each-ref', '--format=%(refname)', 'refs/factory/pulls')
      .split('\n')
      .filter((ref) => ref !== '');
    return refs.map(
      (ref) => JSON.parse(git('cat-file', 'blob', ref)) as { number: number; taskId: string; state: string },
    );
  });
  return records
    .filter(({ taskId }) => taskIds.has(taskId))
    .toSorted((a, b) => a.number - b.number)
    .map(({ taskId, state }) => ({ taskId, state }));
}

/** Nothing of ours runs on, and nothing lies about: no sandbox, no work folder, no bundle. The database may take its leave. */
export async function expectNothingLeft(workbench: TestWorkbench): Promise<void> {
  // What was told to end may need a moment for it.
  await expect.poll(() => processesUnder(workbench.dataDir, /postgres/), { timeout: 10_000 }).toEqual([]);
  expect(readdirSync(path.join(workbench.dataDir, 'workspaces')).filter((name) => name.startsWith('ws-'))).toEqual([]);
  expect(readdirSync(path.join(workbench.dataDir, 'tmp'))).toEqual([]);
}

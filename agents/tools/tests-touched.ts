import type { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { DiffFacts, RepositoryRef } from '#src/ports/workspace.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';
import type { StepTools } from './step-tools.ts';
import { REPO_DIR } from './worktree.ts';
import type { Worktree } from './worktree.ts';

const MAX_TEST_BYTES = 4 * 1024 * 1024;

/**
 * Tests that a reviewer has to hear of, by what the commits hold and not by what anybody says: those that the base had
 * and the change edits or deletes, and locked ones that are not on the branch as they were locked.
 */
export async function findTouchedTests(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  lock: Pick<BehaviourLockPacket, 'testsSha' | 'testFiles'>,
  facts: DiffFacts,
): Promise<string[]> {
  const touched = new Set<string>();
  for (const { path, status } of facts.files) {
    if (status === 'added') continue;
    const before = await textAt(tools, repo, facts.mergeBaseSha, path);
    if (isTestFile(path, before ?? '')) touched.add(path);
  }
  if (lock.testsSha !== null) {
    for (const path of lock.testFiles) {
      const locked = await textAt(tools, repo, lock.testsSha, path);
      if (locked !== (await textAt(tools, repo, facts.headSha, path))) touched.add(path);
    }
  }
  return [...touched].toSorted();
}

/** Locked tests that something that ran at this commit has written to; the commit holds them as they were. */
export async function findRewrittenTests(
  worktree: Worktree,
  tools: Pick<StepTools, 'workspace'>,
  { repo, sha, testFiles }: { repo: RepositoryRef; sha: string; testFiles: readonly string[] },
): Promise<string[]> {
  const rewritten: string[] = [];
  for (const path of testFiles) {
    const before = await tools.workspace.readFile(repo, sha, path, MAX_TEST_BYTES);
    // What cannot be read, such as a link in its place, is not what was locked.
    const now = await worktree.workspace.read(`${REPO_DIR}/${path}`, MAX_TEST_BYTES).catch(() => new Uint8Array());
    if (!sameBytes(before, now)) rewritten.push(path);
  }
  return rewritten;
}

async function textAt(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  sha: string,
  path: string,
): Promise<string | null> {
  const bytes = await tools.workspace.readFile(repo, sha, path, MAX_TEST_BYTES).catch(() => null);
  return bytes === null ? null : Buffer.from(bytes).toString('latin1');
}

function sameBytes(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.from(one).equals(other);
}

import type { ImportedWork } from '#src/ports/workspace.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { commitFiles } from '../tools/commit-files.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import type { BuildJob } from './build-job.ts';

const MAX_TEST_BYTES = 4 * 1024 * 1024;

/**
 * Work that was handed back before the tests were locked has not got them, which is nobody's fault: they are put on top
 * of it. Work that began after them is left as it is, and so is a file that the person wrote in a test's place.
 */
export async function addLockedTests(
  { tools, context, repo, branch, brief, lock, policy }: BuildJob,
  work: ImportedWork,
): Promise<ImportedWork> {
  const { testsSha } = lock;
  const fromSha = work.headSha;
  if (testsSha === null || (await tools.workspace.isAncestor(repo, testsSha, fromSha))) return work;
  const files = new Map<string, Uint8Array>();
  for (const path of lock.testFiles) {
    const locked = await tools.workspace.readFile(repo, testsSha, path, MAX_TEST_BYTES);
    const there = await tools.workspace.readFile(repo, fromSha, path, MAX_TEST_BYTES);
    if (locked !== null && there === null) files.set(path, locked);
  }
  if (files.size === 0) return work;
  const title = `Test: ${brief.title.replaceAll(/\s+/g, ' ').trim()}`;
  const message = cleanOutbound(`${title}\n\nLocked after this work was begun.`, { goesTo: 'forge' });
  const identity = personaIdentity('vera');
  const commit = { repo, fromSha, baseSha: branch.baseSha, files, message, identity, policy };
  const added = await commitFiles(tools, { ...commit, at: context.task.committedAt }, context.signal);
  if (added === null) return work;
  await added.worktree.dispose();
  return added.work;
}

import { createHash } from 'node:crypto';
import type { Task } from '#src/code-factory/task.ts';
import type { HostFile, RepositoryRef } from '#src/ports/workspace.ts';
import type { StepTools } from '../../tools/step-tools.ts';
import type { LastBuild } from '../last-build.ts';

const ABSENT = '0'.repeat(40);
/** Of a run, or of a week. */
const PAGE = /^factory\/(?:runs|retrospectives)\/[^/]+\.md$/;
const RUN_PAGE = /^factory\/runs\//;

/**
 * Contents of protected files that are the host's own doing: the pages of the builds before, and what taking a merged
 * change back makes of the pages that it brought. A scan lets exactly these pass, and nobody else's words.
 */
export async function hostFilesBefore(
  { workspace }: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  { reverts }: Pick<Task, 'reverts'>,
  last: LastBuild | null,
): Promise<readonly HostFile[]> {
  if (last !== null) return last.packet.hostFiles;
  if (reverts === null) return [];
  const { baseSha, headSha } = reverts.landed;
  const { files } = await workspace.diff(repo, baseSha, headSha);
  const pages = files.filter(({ path }) => PAGE.test(path));
  return Promise.all(
    pages.map(async ({ path }) => {
      const before = await workspace.readFile(repo, baseSha, path);
      return { path, blob: before === null ? ABSENT : blobOf(before) };
    }),
  );
}

/** The page of this run that an earlier build wrote; null: none did. */
export function runPageIn(hostFiles: readonly HostFile[], last: LastBuild | null): string | null {
  if (last === null) return null;
  return hostFiles.findLast(({ path, blob }) => blob !== ABSENT && RUN_PAGE.test(path))?.path ?? null;
}

export function blobOf(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

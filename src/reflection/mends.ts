import * as z from 'zod';
import { contentOf } from '#src/ledger/artifact.ts';
import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import type { Failure, RecurringFailure } from './failures.ts';
import type { Build, TaskHistory } from './task-history.ts';

/** What made a recurring failure pass again. */
export interface Mend {
  repoId: string;
  fingerprint: string;
  /** Tasks in which checks passed after it. */
  tasks: number;
  /** The file that was touched for it in most of them; null: another one each time. */
  path: string | null;
  /** Tasks in which it was that file. */
  inTasks: number;
}

/** In one task alone a file is an accident. */
const MIN_TASKS = 2;

/** What the projection reads of a BuildResultPacket: the whole change so far, against its base. */
const buildContent = z.object({
  files: z.array(z.object({ path: z.string(), added: z.int(), removed: z.int() })),
});

/** How recurring failures ended in their tasks. A build whose words were erased mended nothing that is known. */
export async function readMends(
  recurring: readonly RecurringFailure[],
  failures: readonly Failure[],
  histories: readonly TaskHistory[],
  artifacts: ArtifactReader,
): Promise<Mend[]> {
  const byTask = new Map(histories.map((history) => [history.taskId, history]));
  const mends: Mend[] = [];
  for (const { repoId, fingerprint } of recurring) {
    const found = failures.filter((failure) => failure.repoId === repoId && failure.fingerprint === fingerprint);
    const lastInTask = new Map(found.map((failure) => [failure.taskId, failure]));
    const touched = new Map<string, number>();
    let tasks = 0;
    for (const [taskId, failure] of lastInTask) {
      const mended = mendedBy(byTask.get(taskId), failure);
      if (mended === null) continue;
      tasks += 1;
      for (const path of await touchedBetween(mended, artifacts)) touched.set(path, (touched.get(path) ?? 0) + 1);
    }
    const [most] = [...touched].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    const isKnown = most !== undefined && most[1] >= MIN_TASKS && most[1] * 2 > tasks;
    if (tasks > 0)
      mends.push({ repoId, fingerprint, tasks, path: isKnown ? most[0] : null, inTasks: isKnown ? most[1] : 0 });
  }
  return mends;
}

/** The build that failed and the one that passed next; null: none did. */
function mendedBy(history: TaskHistory | undefined, failure: Failure): { before: Build; after: Build } | null {
  const failed = history?.verdicts.find(({ seq }) => seq === failure.seq);
  const passed = history?.verdicts.find(({ seq, outcome }) => seq > failure.seq && outcome === 'passed');
  if (history === undefined || failed === undefined || passed === undefined) return null;
  const buildOf = ({ run, attempt }: Pick<Build, 'run' | 'attempt'>) =>
    history.builds.findLast((build) => build.run === run && build.attempt === attempt);
  const [before, after] = [buildOf(failed), buildOf(passed)];
  return before === undefined || after === undefined || before === after ? null : { before, after };
}

async function touchedBetween(
  { before, after }: { before: Build; after: Build },
  artifacts: ArtifactReader,
): Promise<string[]> {
  const [was, is] = [await filesOf(before, artifacts), await filesOf(after, artifacts)];
  if (was === null || is === null) return [];
  return [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
}

async function filesOf({ artifact }: Build, artifacts: ArtifactReader): Promise<Map<string, string> | null> {
  const kept = artifact === null ? null : await artifacts.get(artifact);
  const build = kept === null ? null : buildContent.safeParse(contentOf(kept)).data;
  return build == null ? null : new Map(build.files.map(({ path, added, removed }) => [path, `${added}/${removed}`]));
}

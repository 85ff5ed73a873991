import type { LessonRow, LessonUseRow } from '#src/ledger/reflection-rows.ts';
import type { ArtifactReader, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { readFailures } from '../failures.ts';
import { plannedPathsOf } from '../planned-paths.ts';
import type { LedgerReading } from '../read-histories.ts';
import type { TaskHistory } from '../task-history.ts';
import { effectsOf } from './effect.ts';
import type { LessonEffect } from './effect.ts';
import { reachOf } from './exposure.ts';

const ALWAYS = { from: '', until: '~' };
/** More tasks before or after a lesson make no verdict surer, and each is read from the store. */
const MAX_TASKS = 1_000;

/** What the accepted ones among these lessons of a project did. Reads no more than can count for them. */
export async function readEffects(
  { tables, artifacts }: Pick<UnitOfWork, 'tables' | 'artifacts'>,
  { histories }: Pick<LedgerReading, 'histories'>,
  lessons: readonly LessonRow[],
): Promise<LessonEffect[]> {
  const accepted = lessons.filter(({ status }) => status === 'accepted');
  const countable = accepted.filter(({ fingerprint }) => fingerprint !== null);
  if (countable.length === 0) return effectsOf(accepted, [], [], []);
  const uses = await tables.find('lesson_uses', { lessonId: countable.map(({ id }) => id) });
  const { counted, placed } = historiesFor(countable, uses, histories);
  const { failures } = await readFailures(counted, ALWAYS, artifacts);
  return effectsOf(accepted, uses, counted, failures, await plannedPaths(placed, artifacts));
}

/** `placed`: those whose files must be known. */
function historiesFor(
  lessons: readonly LessonRow[],
  uses: readonly LessonUseRow[],
  histories: readonly TaskHistory[],
): { counted: TaskHistory[]; placed: TaskHistory[] } {
  const byRepo = new Map([...Map.groupBy(histories, ({ repoId }) => repoId)].map(([id, all]) => [id, byVerdict(all)]));
  const usesOf = Map.groupBy(uses, ({ lessonId }) => lessonId);
  const [counted, placed] = [new Set<TaskHistory>(), new Set<TaskHistory>()];
  for (const lesson of lessons) {
    const { from, since } = reachOf(lesson, usesOf.get(lesson.id) ?? []);
    const judged = byRepo.get(lesson.repoId ?? '') ?? [];
    const before = judged.filter(({ at }) => at >= from && at < since).slice(-MAX_TASKS);
    const after = judged.filter(({ at }) => at >= since).slice(-MAX_TASKS);
    for (const { history } of [...before, ...after]) {
      counted.add(history);
      if (lesson.scopeKind === 'path') placed.add(history);
    }
  }
  return { counted: [...counted], placed: [...placed] };
}

function byVerdict(histories: readonly TaskHistory[]) {
  return histories
    .flatMap((history) => history.verdicts.slice(0, 1).map(({ at }) => ({ at, history })))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

async function plannedPaths(
  histories: readonly TaskHistory[],
  artifacts: ArtifactReader,
): Promise<ReadonlyMap<string, string[]>> {
  const planned = new Map<string, string[]>();
  for (const history of histories) {
    const paths = await plannedPathsOf(history, artifacts);
    if (paths !== null) planned.set(history.taskId, paths);
  }
  return planned;
}

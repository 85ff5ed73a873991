import type { Failure } from '../failures.ts';
import type { TaskHistory } from '../task-history.ts';

/** A task that checks have judged. */
export interface JudgedTask {
  taskId: string;
  /** When its first verdict came, in ms since 1970. */
  firstMs: number;
  /** Whether a model was asked before it, which is who could follow a lesson. */
  isThought: boolean;
  /** Whether all that its verdicts found is known. */
  isRead: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** Tasks with a verdict of checks that ran, by repository, and which of them a failure was found in. */
export function judgedTasks(histories: readonly TaskHistory[], failures: readonly Failure[]) {
  const read = new Set(failures.map(({ seq }) => seq));
  const tasks = new Map<string, JudgedTask[]>();
  for (const { taskId, repoId, verdicts, modelAskedAt } of histories) {
    const ran = verdicts.filter(({ outcome }) => outcome !== 'no-checks');
    const [first] = ran;
    if (first === undefined) continue;
    const isRead = ran.every(({ outcome, seq }) => outcome === 'passed' || read.has(seq));
    const firstMs = Date.parse(first.at);
    const isThought = modelAskedAt !== null && Date.parse(modelAskedAt) <= firstMs;
    const task = { taskId, firstMs, isThought, isRead };
    const known = tasks.get(repoId);
    if (known === undefined) tasks.set(repoId, [task]);
    else known.push(task);
  }
  const failed = new Map<string, { taskIds: Set<string>; name: string }>();
  for (const { repoId, fingerprint, taskId, test, check } of failures) {
    const key = keyOf(repoId, fingerprint);
    const known = failed.get(key);
    if (known === undefined) failed.set(key, { taskIds: new Set([taskId]), name: test ?? check });
    else known.taskIds.add(taskId);
  }
  return {
    inRepo: (repoId: string): readonly JudgedTask[] => tasks.get(repoId) ?? [],
    failedWith: (repoId: string, fingerprint: string): ReadonlySet<string> =>
      failed.get(keyOf(repoId, fingerprint))?.taskIds ?? NONE,
    /** As the test or check calls itself; null: it was found nowhere. */
    nameOf: (repoId: string, fingerprint: string): string | null =>
      failed.get(keyOf(repoId, fingerprint))?.name ?? null,
  };
}

function keyOf(repoId: string, fingerprint: string): string {
  return `${repoId}\n${fingerprint}`;
}

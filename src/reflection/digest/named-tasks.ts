import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Analysis } from '../analyse.ts';
import type { TaskHistory } from '../task-history.ts';

/**
 * The tasks whose words a retrospective may hold: their titles, what failed in them, and what the lessons that it asks
 * about were learned from. Once the words of one are erased, so are those of the retrospective.
 */
export function namedTasks(
  { projectId, merged, recurring, patterns, blocked }: Analysis,
  histories: readonly TaskHistory[],
  lessons: readonly Pick<LessonRow, 'evidence'>[],
): string[] {
  const own = histories.filter((history) => history.projectId === projectId);
  const numbers = new Set([...recurring, ...patterns, ...blocked].flatMap(({ taskNumbers }) => taskNumbers));
  const evidence = new Set(lessons.flatMap(({ evidence: seqs }) => seqs));
  const named = own.filter(
    (history) => numbers.has(history.number) || seqsOf(history).some((seq) => evidence.has(seq)),
  );
  return [...new Set([...merged, ...named].map(({ taskId }) => taskId))].toSorted();
}

/** Of the events that a lesson may rest on. */
function seqsOf({ verdicts, blocked, touches, steps, endedSeq }: TaskHistory): number[] {
  const seqs = [...verdicts, ...blocked, ...touches, ...steps].map(({ seq }) => seq);
  return endedSeq === null ? seqs : [...seqs, endedSeq];
}

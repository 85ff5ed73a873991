import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import { projectEvent } from '#src/ledger/project.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';

/** All that a decision on a project's lessons needs to know. */
export interface LessonBook {
  /** By their number. */
  lessons: readonly LessonRow[];
  /** Tasks that were counted since a lesson was accepted, when its retirement was last proposed. */
  askedAfter: ReadonlyMap<string, number>;
  /** Length of the stream. */
  position: number;
}

/** What a project's stream amounts to. `texts`: the words of artifacts by their hash; what is missing was erased. */
export function foldLessons(events: readonly RecordedEvent[], texts: ReadonlyMap<string, string>): LessonBook {
  const lessons = new Map<string, LessonRow>();
  const askedAfter = new Map<string, number>();
  for (const event of events) {
    const text = texts.get(event.artifact ?? '');
    for (const change of projectEvent(event, text === undefined ? undefined : { text })) {
      if (change.table !== 'lessons') continue;
      if (change.op === 'insert') lessons.set(change.row.id, change.row);
      if (change.op !== 'update') continue;
      const row = lessons.get(change.id);
      if (row !== undefined) lessons.set(change.id, { ...row, ...change.set });
    }
    if (isEvent(event, 'lesson.retirement-proposed')) askedAfter.set(event.body.lessonId, event.body.after.of);
  }
  return { lessons: [...lessons.values()], askedAfter, position: events.at(-1)?.position ?? 0 };
}

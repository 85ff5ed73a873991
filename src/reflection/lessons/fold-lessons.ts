import type { RecordedEvent } from '#src/ledger/event.ts';
import { projectEvent } from '#src/ledger/project.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';

/** All that a decision on a project's lessons needs to know. */
export interface LessonBook {
  /** By their number. */
  lessons: readonly LessonRow[];
  /** Length of the stream. */
  position: number;
}

/** What a project's stream amounts to. `texts`: the words of artifacts by their hash; what is missing was erased. */
export function foldLessons(events: readonly RecordedEvent[], texts: ReadonlyMap<string, string>): LessonBook {
  const lessons = new Map<string, LessonRow>();
  for (const event of events) {
    const text = texts.get(event.artifact ?? '');
    for (const change of projectEvent(event, text === undefined ? undefined : { text })) {
      if (change.table !== 'lessons') continue;
      if (change.op === 'insert') lessons.set(change.row.id, change.row);
      if (change.op !== 'update') continue;
      const row = lessons.get(change.id);
      if (row !== undefined) lessons.set(change.id, { ...row, ...change.set });
    }
  }
  return { lessons: [...lessons.values()], position: events.at(-1)?.position ?? 0 };
}

import { indexWords, plainQuery, scoreBm25 } from '#src/context-pack/bm25.ts';
import { ERASED } from '#src/ledger/define-event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { isInForce } from './lesson.ts';

/** What a step is about to do, as far as lessons go. */
export interface LessonOccasion {
  persona: PersonaName;
  /** What it plans to touch or looks at first. */
  paths: readonly string[];
  /** What the task says, in words; a path in them counts like one of `paths`. */
  words: string;
  /** Lessons by which something got better, as far as it could be counted. Left out: none. */
  helped?: ReadonlySet<string>;
  /** ISO 8601 UTC. */
  at: Date | string;
}

/** A whole path, or the name of a file. Begins only where a word does: else long words would be tried from each letter. */
const PATH_LIKE =
  /(?<![\p{L}\p{N}_@.+-])(?:[\p{L}\p{N}_@.+-]+(?:\/[\p{L}\p{N}_@.+-]+)+|[\p{L}\p{N}_@+-]+(?:\.[\p{L}\p{N}_+-]+)+)/gu;
/** Longer ones are no paths. */
const MAX_PATH_CHARACTERS = 1_024;
const NARROWNESS: Readonly<Record<LessonRow['scopeKind'], number>> = { project: 0, persona: 1, path: 2 };

/**
 * The lessons of a project that are for this work, best first: those in force whose scope fits. What seems to do nothing
 * comes last; else those for a path that is touched come first, then what is known to have helped and is about words of
 * the task, then those that share the most words with it, then the narrower, then the newer. Of two that say the opposite only one is given, for a model would follow either: the
 * narrower one, as an exception to the wider, and where both are as wide the one that was accepted later, for whoever
 * accepted it was shown the other. The same rows and occasion give the same list.
 */
export function relevantLessons(lessons: readonly LessonRow[], occasion: LessonOccasion): LessonRow[] {
  const { persona, words, at, helped } = occasion;
  const touched = placesOf(occasion);
  const fitting = lessons.filter((lesson) => {
    if (!isInForce(lesson, at) || lesson.text === ERASED) return false;
    if (lesson.scopeKind === 'project') return true;
    if (lesson.scopeKind === 'persona') return lesson.scopeKey === persona;
    return touched.has(plainPath(lesson.scopeKey ?? ''));
  });
  const weights = new Map(fitting.map((lesson) => [lesson.id, weightOf(lesson)]));
  const byWeight = (a: LessonRow, b: LessonRow) => descending(weights.get(a.id) ?? '', weights.get(b.id) ?? '');
  const agreeing = withoutOverruled(fitting, byWeight);
  const query = plainQuery(words);
  const scores = scoreBm25(indexWords(agreeing.map(textOf), query), query);
  const isOfPath = ({ scopeKind }: LessonRow) => Number(scopeKind === 'path');
  const hasHelped = ({ id }: LessonRow) => Number(helped?.has(id) === true && scores.has(id));
  return agreeing.toSorted(
    (a, b) =>
      Number(a.retirementProposed) - Number(b.retirementProposed) ||
      isOfPath(b) - isOfPath(a) ||
      hasHelped(b) - hasHelped(a) ||
      (scores.get(b.id) ?? 0) - (scores.get(a.id) ?? 0) ||
      byWeight(a, b),
  );
}

/** Every touched path with all folders above it. */
function placesOf({ paths, words }: LessonOccasion): ReadonlySet<string> {
  const places = new Set<string>();
  for (const path of [...paths, ...(words.match(PATH_LIKE) ?? [])]) {
    let place = path.length > MAX_PATH_CHARACTERS ? '' : plainPath(path);
    while (place !== '' && !places.has(place)) {
      places.add(place);
      place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
    }
  }
  return places;
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').replace(/[./]+$/, '');
}

function textOf({ id, text, scopeKey }: LessonRow): readonly [string, string] {
  return [id, `${text}\n${scopeKey ?? ''}`];
}

function withoutOverruled(
  lessons: readonly LessonRow[],
  byWeight: (a: LessonRow, b: LessonRow) => number,
): LessonRow[] {
  const against = new Map<string, string[]>();
  const note = (one: string, other: string) => void against.set(one, [...(against.get(one) ?? []), other]);
  for (const { id, conflictsWith } of lessons) {
    for (const other of conflictsWith) {
      note(id, other);
      note(other, id);
    }
  }
  if (against.size === 0) return [...lessons];
  const overruled = new Set<string>();
  const kept = new Set<string>();
  for (const { id } of lessons.toSorted(byWeight)) {
    if (overruled.has(id)) continue;
    kept.add(id);
    for (const other of against.get(id) ?? []) overruled.add(other);
  }
  return lessons.filter(({ id }) => kept.has(id));
}

/** As text that sorts: the narrower weighs more, then what was accepted later. */
function weightOf({ scopeKind, scopeKey, decidedAt, number }: LessonRow): string {
  const depth = scopeKind === 'path' ? plainPath(scopeKey ?? '').split('/').length : 0;
  const padded = (value: number) => String(value).padStart(9, '0');
  return [NARROWNESS[scopeKind], padded(depth), decidedAt ?? '', padded(number)].join(' ');
}

function descending(a: string, b: string): number {
  return Number(b > a) - Number(b < a);
}

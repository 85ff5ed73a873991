import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Card, CardBlock, CardListItem } from '#src/ports/chat.ts';
import { isInForce } from '#src/reflection/lessons/lesson.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { oneLine } from '../one-line.ts';
import { card, count, item } from './card-parts.ts';
import { dayWords, forWhom, lessonItem } from './lesson-card.ts';

/** The lessons of a project, with what is known about them. */
export interface LessonShelf {
  lessons: readonly LessonRow[];
  /** In how many tasks a lesson was used, by its id. */
  usedIn: ReadonlyMap<string, number>;
  /** What a lesson did, as a sentence, by its id. */
  effects: ReadonlyMap<string, string>;
  at: Date;
}

/** What is read at a glance on a phone; the rest is one press away. */
const MAX_COUNTING = 10;
const MAX_WAITING = 3;
const GLANCE_CHARACTERS = 160;

/** What the factory learned: what waits for a person first, then what counts, newest first. */
export function lessonsCard(shelf: LessonShelf): Card {
  const { waiting, counting, expired, suspicious } = sortLessons(shelf);
  if (waiting.length + counting.length + expired.length + suspicious.length === 0) {
    return card('message', 'There are no lessons yet. Say `remember: …`, and later tasks are told it.');
  }
  const inForce = shelf.lessons.filter((lesson) => isInForce(lesson, shelf.at)).length;
  const asked = waiting.length === 0 ? '' : ` ${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'} for a yes.`;
  const more = counting.length - MAX_COUNTING;
  return card('message', `${count(inForce, 'lesson')} ${inForce === 1 ? 'counts' : 'count'}.${asked}`, {
    blocks: [
      ...list(waiting.length === 0 ? null : 'To decide', waiting.slice(0, MAX_WAITING).map(decided(shelf))),
      ...list(
        waiting.length === 0 ? null : 'In force',
        counting.slice(0, MAX_COUNTING).map((lesson) => atAGlance(lesson, shelf)),
      ),
      ...(more <= 0 ? [] : [{ type: 'text' as const, text: `and ${more} more, below` }]),
      ...fold('Read in full, and retire', counting, shelf),
      ...fold('More to decide', waiting.slice(MAX_WAITING), shelf),
      ...fold('Not in force any more', expired, shelf),
      ...fold('Suspicious, and never used', suspicious, shelf),
    ],
  });
}

/** Newest first, by where they stand. Those that people decided against are left out. */
export function sortLessons({ lessons, at }: Pick<LessonShelf, 'lessons' | 'at'>) {
  const newest = lessons.toSorted((a, b) => b.number - a.number);
  const isAsked = ({ status, retirementProposed }: LessonRow): boolean => status === 'proposed' || retirementProposed;
  return {
    waiting: newest.filter(isAsked),
    counting: newest.filter((lesson) => isInForce(lesson, at) && !isAsked(lesson)),
    expired: newest.filter((lesson) => lesson.status === 'accepted' && !isInForce(lesson, at) && !isAsked(lesson)),
    suspicious: newest.filter(({ status }) => status === 'refused'),
  };
}

function decided({ lessons, effects, at }: LessonShelf): (lesson: LessonRow) => CardListItem {
  return (lesson) => {
    const conflicts = lessons.filter(({ id }) => lesson.status === 'proposed' && lesson.conflictsWith.includes(id));
    return lessonItem(lesson, { at, effect: effects.get(lesson.id) ?? null, conflicts });
  };
}

function atAGlance(lesson: LessonRow, { usedIn, effects }: LessonShelf): CardListItem {
  const { id, number, text, decidedBy, expiresAt } = lesson;
  const tasks = usedIn.get(id) ?? 0;
  const facts = [
    lesson.scopeKind === 'project' ? null : `For ${forWhom(lesson)}.`,
    `By ${decidedBy ?? 'somebody'}, until ${dayWords(expiresAt)};`,
    tasks === 0 ? 'not used yet.' : `used in ${count(tasks, 'task')}.`,
    effects.get(id),
  ];
  return item(`**${number}** · ${cleanLine(oneLine(text), GLANCE_CHARACTERS)}`, {
    detail: facts.filter((fact) => fact != null).join(' '),
  });
}

function list(title: string | null, items: CardListItem[]): CardBlock[] {
  return items.length === 0 ? [] : [{ type: 'list', title, items }];
}

function fold(what: string, lessons: readonly LessonRow[], shelf: LessonShelf): CardBlock[] {
  if (lessons.length === 0) return [];
  return [{ type: 'fold', summary: `${what} (${lessons.length})`, blocks: list(null, lessons.map(decided(shelf))) }];
}

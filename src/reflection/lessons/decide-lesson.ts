import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import type { Share } from '../statistics.ts';
import { conflictsOf, settledElsewhere } from './conflicts.ts';
import type { LessonBook } from './fold-lessons.ts';
import type { JudgedText } from './judge-lesson.ts';
import { isInForce, LESSON_LIFE_DAYS } from './lesson.ts';
import type { LessonKind, LessonScope } from './lesson.ts';
import { isSameLesson } from './resemblance.ts';

const DAY_MS = 86_400_000;

/** Who decides, and when: ISO 8601 UTC. */
export interface LessonMeta {
  actor: string;
  at: string;
}

/** Words that were judged, with the artifact that keeps them. */
export type KeptText = JudgedText & { artifact: string };

export type LessonCommand =
  | { type: 'accept'; lessonId: string }
  | { type: 'decline'; lessonId: string }
  /** `kind` and `scope` stay as they are where they are not named. */
  | { type: 'edit'; lessonId: string; words: KeptText; kind?: LessonKind; scope?: LessonScope }
  | { type: 'retire'; lessonId: string }
  | { type: 'keep'; lessonId: string }
  /** `before` and `after`: tasks with the failure, of tasks that could have it. */
  | { type: 'propose-retirement'; lessonId: string; before: Share; after: Share };

/** A decision on one lesson. Empty: it is so already. Throws FactoryError where there is no room for it. */
export function decideLesson(command: LessonCommand, book: LessonBook, meta: LessonMeta): EventDraft[] {
  const lesson = book.lessons.find(({ id }) => id === command.lessonId);
  if (lesson === undefined) {
    throw new FactoryError('lesson-unknown', 'There is no such lesson in this project.', {
      fix: 'Say `lessons` to see those that there are.',
    });
  }
  if (command.type === 'propose-retirement') return proposeRetirement(command, lesson, meta);
  requirePerson(meta.actor);
  switch (command.type) {
    case 'accept':
      return accept(lesson, book, meta);
    case 'decline':
      return decline(lesson, meta);
    case 'edit':
      return edit(command, lesson, book, meta);
    case 'retire':
      return retire(lesson, meta);
    case 'keep':
      return keep(lesson, meta);
  }
}

export function isPerson(actor: string): boolean {
  return actor !== 'factory' && !actor.startsWith('persona:') && !isPersonaName(actor);
}

/** Asked of people, or counted by them: what would be the same beside it is no second one. */
export function isOpen({ status }: Pick<LessonRow, 'status'>): boolean {
  return status === 'proposed' || status === 'accepted';
}

function accept(lesson: LessonRow, book: LessonBook, meta: LessonMeta): EventDraft[] {
  if (!isOpen(lesson)) throw over(lesson);
  if (isInForce(lesson, meta.at) && !isWorthRenewing(lesson, meta)) return [];
  refuseTwin(lesson, book);
  return [accepted(lesson, meta)];
}

/** Two people who press at once mean one yes, and a press on the next day means half a year more. */
function isWorthRenewing({ expiresAt }: LessonRow, { at }: LessonMeta): boolean {
  return expiryFrom(at) - Date.parse(expiresAt ?? '') >= DAY_MS;
}

function decline(lesson: LessonRow, meta: LessonMeta): EventDraft[] {
  if (lesson.status === 'declined') return [];
  if (lesson.status === 'accepted') {
    throw new FactoryError('lesson-accepted', `Lesson ${lesson.number} was accepted, so it cannot be declined.`, {
      fix: 'Retire it instead.',
    });
  }
  if (lesson.status !== 'proposed') throw over(lesson);
  return [{ ...factBy(meta.actor, meta.at), type: 'lesson.declined', body: { lessonId: lesson.id } }];
}

function edit(
  { words, kind, scope }: LessonCommand & { type: 'edit' },
  lesson: LessonRow,
  book: LessonBook,
  meta: LessonMeta,
): EventDraft[] {
  if (!isOpen(lesson)) throw over(lesson);
  if (words.suspicions.length > 0) {
    throw new FactoryError('lesson-refused', `A lesson cannot say that. ${words.suspicions.join(' ')}`, {
      fix: 'Put it into other words, or leave the lesson as it was.',
    });
  }
  const next = {
    ...lesson,
    text: words.text,
    kind: kind ?? lesson.kind,
    scopeKind: scope?.kind ?? lesson.scopeKind,
    scopeKey: scope === undefined ? lesson.scopeKey : scope.key,
  };
  const isChanged =
    next.text !== lesson.text ||
    next.kind !== lesson.kind ||
    next.scopeKind !== lesson.scopeKind ||
    next.scopeKey !== lesson.scopeKey;
  refuseTwin(next, book);
  const edited: EventDraft<'lesson.edited'> = {
    ...factBy(meta.actor, meta.at),
    artifact: words.artifact,
    type: 'lesson.edited',
    body: {
      ...{ lessonId: lesson.id, kind: next.kind, scope: { kind: next.scopeKind, key: next.scopeKey } },
      conflictsWith: conflictsOf(
        next,
        book.lessons.filter(({ id }) => id !== next.id),
        meta.at,
      ),
      settled: settledElsewhere(next, book.lessons),
    },
  };
  return [...(isChanged ? [edited] : []), ...(isInForce(lesson, meta.at) ? [] : [accepted(lesson, meta)])];
}

function retire(lesson: LessonRow, meta: LessonMeta): EventDraft[] {
  if (lesson.status === 'retired') return [];
  requireAccepted(lesson);
  return [{ ...factBy(meta.actor, meta.at), type: 'lesson.retired', body: { lessonId: lesson.id } }];
}

function keep(lesson: LessonRow, meta: LessonMeta): EventDraft[] {
  requireAccepted(lesson);
  if (!lesson.retirementProposed) return [];
  return [{ ...factBy(meta.actor, meta.at), type: 'lesson.kept', body: { lessonId: lesson.id } }];
}

/** Whether it does enough to stay, and how long a person's no holds, is for whoever counts. */
function proposeRetirement(
  { before, after }: LessonCommand & { type: 'propose-retirement' },
  lesson: LessonRow,
  { actor, at }: LessonMeta,
): EventDraft[] {
  requireAccepted(lesson);
  if (lesson.retirementProposed) return [];
  return [{ ...factBy(actor, at), type: 'lesson.retirement-proposed', body: { lessonId: lesson.id, before, after } }];
}

function accepted({ id }: LessonRow, { actor, at }: LessonMeta): EventDraft<'lesson.accepted'> {
  const expiresAt = new Date(expiryFrom(at)).toISOString();
  return { ...factBy(actor, at), type: 'lesson.accepted', body: { lessonId: id, expiresAt } };
}

const expiryFrom = (at: string): number => Date.parse(at) + LESSON_LIFE_DAYS * DAY_MS;

function refuseTwin(lesson: LessonRow, { lessons }: LessonBook): void {
  const twin = lessons.find((other) => other.id !== lesson.id && isOpen(other) && isSameLesson(lesson, other));
  if (twin === undefined) return;
  throw new FactoryError('lesson-known', `Lesson ${twin.number} says the same already.`, {
    fix: `Change lesson ${twin.number} instead.`,
  });
}

function requirePerson(actor: string): void {
  if (isPerson(actor)) return;
  throw new FactoryError('not-a-person', 'Only a person decides what the factory learns.', {
    fix: 'Ask somebody of the team.',
  });
}

function requireAccepted(lesson: LessonRow): void {
  if (lesson.status === 'accepted') return;
  if (lesson.status !== 'proposed') throw over(lesson);
  throw new FactoryError('lesson-not-accepted', `Nobody has accepted lesson ${lesson.number} yet.`, {
    fix: 'Accept or decline it.',
  });
}

const ENDED: Readonly<Partial<Record<LessonRow['status'], string>>> = {
  refused: 'was refused, because it reads like an order to set rules aside',
  declined: 'was declined',
  retired: 'was retired',
};

function over({ number, status }: LessonRow): FactoryError {
  return new FactoryError('lesson-over', `Lesson ${number} ${ENDED[status] ?? 'is over'}.`, {
    fix: 'Tell it anew in your own words: `remember: …`.',
  });
}

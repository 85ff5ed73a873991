import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { CardBlock, CardListItem, Post } from '#src/ports/chat.ts';
import { effectSentence } from '#src/reflection/lessons/effect.ts';
import type { LessonEffect } from '#src/reflection/lessons/effect.ts';
import { card, count, item } from './cards/card-parts.ts';
import { lessonItem } from './cards/lesson-card.ts';
import { sortLessons } from './cards/lessons-card.ts';
import { cleanPost } from './clean-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonFacts } from './draw-lessons.ts';
import { lessonEffects } from './list-lessons.ts';
import { namePeople } from './name-people.ts';
import { by, post } from './redraw.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'people' | 'clock'>;

/** It is no kept post: whenever somebody reads it or presses on it, it is drawn as things stand then, under this name. */
const PAGE = 'lessons-of:';
/** Of the tasks that were told a lesson, the latest. */
const MAX_USES = 20;

/** All lessons of a project, by where they stand, with what a person can decide on each. [] where there are none. */
export async function lessonsPage(tools: Tools, projectId: string): Promise<Post[]> {
  const { unitOfWork, clock, people } = tools;
  const lessons = await unitOfWork.tables.find('lessons', { projectId }, { orderBy: '-number' });
  if (lessons.length === 0) return [];
  const effects = await lessonEffects(tools, lessons);
  const uses = await usesOf(tools, lessons);
  const blocks: CardBlock[] = [];
  for (const { title, shelf } of shelvesOf(lessons, clock.now())) {
    const items: CardListItem[] = [];
    for (const lesson of shelf) items.push(await itemOf(tools, lesson, effects.get(lesson.id)));
    blocks.push({ type: 'list', title, items }, ...shelf.flatMap((lesson) => usesBlock(lesson, uses.get(lesson.id))));
  }
  const id = `${PAGE}${projectId}`;
  const drawn = card('message', 'What later tasks are told, and what became of it.', { blocks });
  const drafts = [cleanPost(post(id, { kind: 'project', id: projectId }, by('moltbot'), drawn))];
  const kept = { id, version: 1, postedAt: clock.now().toISOString(), editedAt: null };
  return (await namePeople(drafts, people)).map((draft) => ({ ...draft, ...kept }));
}

/** What a press on the page of lessons was made on. null: it was made on something else. */
export async function pressedLessonsPage(tools: Tools, postId: string): Promise<Post | null> {
  if (!postId.startsWith(PAGE)) return null;
  return (await lessonsPage(tools, postId.slice(PAGE.length)))[0] ?? null;
}

function shelvesOf(lessons: readonly LessonRow[], at: Date): { title: string; shelf: LessonRow[] }[] {
  const { waiting, counting, expired, suspicious } = sortLessons({ lessons, at });
  const ended = (status: LessonRow['status']) => lessons.filter((lesson) => lesson.status === status);
  return [
    { title: 'To decide', shelf: waiting },
    { title: 'In force', shelf: counting },
    { title: 'Not in force any more', shelf: expired },
    { title: 'Retired', shelf: ended('retired') },
    { title: 'Declined', shelf: ended('declined') },
    { title: 'Suspicious, and never used', shelf: suspicious },
  ].filter(({ shelf }) => shelf.length > 0);
}

async function itemOf(
  { unitOfWork, clock }: Tools,
  lesson: LessonRow,
  effect: LessonEffect | undefined,
): Promise<CardListItem> {
  // What speaks for it is looked up event by event, so only where somebody has to decide.
  const facts =
    lesson.status === 'proposed' ? await lessonFacts({ ...unitOfWork, clock }, lesson) : { at: clock.now() };
  return lessonItem(lesson, { ...facts, effect: effect === undefined ? null : effectWords(lesson, effect) });
}

/** With its counts, and how sure they are. */
function effectWords(lesson: LessonRow, effect: LessonEffect): string {
  const sentence = effectSentence(lesson, effect);
  if (effect.difference === null) return sentence;
  const { low, high } = effect.difference;
  return `${sentence} With 95 % certainty, the change lies between ${ofHundred(low)} and ${ofHundred(high)} failing tasks of a hundred.`;
}

function ofHundred(change: number): string {
  return `${Math.round(Math.abs(change) * 100)} ${change < 0 ? 'fewer' : 'more'}`;
}

interface Told {
  /** Tasks, in all. */
  of: number;
  /** The latest, once each. */
  items: CardListItem[];
}

function usesBlock({ number }: LessonRow, told: Told | undefined): CardBlock[] {
  if (told === undefined) return [];
  const { of, items } = told;
  const rest = of - items.length;
  const more = rest <= 0 ? [] : [{ type: 'text' as const, text: `and ${rest} more` }];
  const summary = `Lesson ${number} was told to ${count(of, 'task')}`;
  return [{ type: 'fold', summary, blocks: [{ type: 'list', title: null, items }, ...more] }];
}

async function usesOf({ unitOfWork }: Tools, lessons: readonly LessonRow[]): Promise<Map<string, Told>> {
  const { tables } = unitOfWork;
  const uses = await tables.find('lesson_uses', { lessonId: lessons.map(({ id }) => id) }, { orderBy: '-at' });
  const tasks = await tables.find('story_tasks', { id: [...new Set(uses.map(({ taskId }) => taskId))] });
  const known = new Map(tasks.map((task) => [task.id, task]));
  const byLesson = Map.groupBy(uses, ({ lessonId }) => lessonId);
  return new Map([...byLesson].map(([id, own]) => [id, toldTo([...new Set(own.map(({ taskId }) => taskId))], known)]));
}

function toldTo(ids: readonly string[], known: ReadonlyMap<string, { number: number; title: string }>): Told {
  const items = ids.slice(0, MAX_USES).flatMap((id) => {
    const task = known.get(id);
    return task === undefined ? [] : [item(`${task.number} · ${task.title}`, { thread: { kind: 'task', id } })];
  });
  return { of: ids.length, items };
}

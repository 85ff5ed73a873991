import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { CardBlock, CardListItem, Post } from '#src/ports/chat.ts';
import { effectSentence } from '#src/reflection/lessons/effect.ts';
import type { LessonEffect } from '#src/reflection/lessons/effect.ts';
import { card, count, item } from './cards/card-parts.ts';
import { lessonItem } from './cards/lesson-card.ts';
import { sortLessons } from './cards/lessons-card.ts';
import { cleanPost } from './clean-card.ts';
import type { ReflectionView } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonFacts } from './draw-lessons.ts';
import { lessonEffects } from './list-lessons.ts';
import { nameIn } from './name-people.ts';
import { by, post } from './redraw.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'people' | 'clock'>;

/** No kept posts: whenever somebody reads the page or presses on it, they are drawn as things stand then, under these names. */
const PAGE = 'lesson-of-page:';
/** Of the tasks that were told a lesson, the latest. */
const MAX_USES = 20;

/** All lessons of a project, by where they stand, with what a person can decide on each. */
export async function lessonGroups(tools: Tools, projectId: string): Promise<ReflectionView['groups']> {
  const { unitOfWork, clock } = tools;
  const lessons = await unitOfWork.tables.find('lessons', { projectId }, { orderBy: '-number' });
  if (lessons.length === 0) return [];
  const effects = await lessonEffects(tools, lessons);
  const uses = await usesOf(tools, lessons);
  const groups: ReflectionView['groups'] = [];
  for (const { title, shelf } of shelvesOf(lessons, clock.now())) {
    const posts: Post[] = [];
    for (const lesson of shelf)
      posts.push(await drawLesson(tools, lesson, effects.get(lesson.id), uses.get(lesson.id)));
    groups.push({ title, posts });
  }
  return groups;
}

/** What a press on the page of lessons was made on. null: it was made on something else. */
export async function pressedLesson(tools: Tools, postId: string): Promise<Post | null> {
  if (!postId.startsWith(PAGE)) return null;
  const lesson = await tools.unitOfWork.tables.get('lessons', postId.slice(PAGE.length));
  return lesson === null ? null : drawLesson(tools, lesson);
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
  ];
}

async function drawLesson(tools: Tools, lesson: LessonRow, effect?: LessonEffect, told?: Told): Promise<Post> {
  const { unitOfWork, clock, people } = tools;
  const at = clock.now();
  // What speaks for it is looked up event by event, so only where somebody has to decide.
  const facts = lesson.status === 'proposed' ? await lessonFacts({ ...unitOfWork, clock }, lesson) : { at };
  const words = effect === undefined ? null : effectWords(lesson, effect);
  const { text, detail, actions } = lessonItem(lesson, { ...facts, effect: words });
  const blocks: CardBlock[] = [{ type: 'text', text: detail ?? '' }, ...usesBlock(told)];
  const id = `${PAGE}${lesson.id}`;
  const thread = { kind: 'project', id: lesson.projectId } as const;
  const drawn = cleanPost(post(id, thread, by('moltbot'), card('notice', text, { blocks, actions })));
  const kept = { id, version: 1, postedAt: lesson.proposedAt, editedAt: null };
  return nameIn({ ...drawn, ...kept }, people);
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

function usesBlock(told: Told | undefined): CardBlock[] {
  if (told === undefined) return [];
  const { of, items } = told;
  const rest = of - items.length;
  const more = rest <= 0 ? [] : [{ type: 'text' as const, text: `and ${rest} more` }];
  return [
    { type: 'fold', summary: `Told to ${count(of, 'task')}`, blocks: [{ type: 'list', title: null, items }, ...more] },
  ];
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

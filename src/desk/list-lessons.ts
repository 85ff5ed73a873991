import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { DeskAnswer, Message, Post, PostDraft, ThreadRef } from '#src/ports/chat.ts';
import { effectSentence } from '#src/reflection/lessons/effect.ts';
import type { LessonEffect } from '#src/reflection/lessons/effect.ts';
import { isInForce } from '#src/reflection/lessons/lesson.ts';
import { readEffects } from '#src/reflection/lessons/read-effects.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { lessonsCard } from './cards/lessons-card.ts';
import { cleanPost } from './clean-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { namePeople } from './name-people.ts';
import { by, post } from './redraw.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'posts' | 'people' | 'clock'>;

/** What starts the key of a list's post: such a post is drawn again once something on it was decided. */
const LIST = 'lessons:';

/** Posts the lessons of a project where people asked for them. */
export async function postLessons(tools: Tools, message: Message, projectId: string): Promise<DeskAnswer> {
  const key = `${LIST}${projectId}/${message.originId}`;
  for (const draft of await drawList(tools, { key, thread: message.thread }, projectId)) await tools.posts.say(draft);
  return { ok: true, text: null };
}

/** After a press on a list: how things stand now. Other posts are the mirror's. */
export async function redrawLessons(tools: Tools, at: Post, projectId: string): Promise<void> {
  if (!at.key.startsWith(LIST)) return;
  for (const { card } of await drawList(tools, at, projectId)) await tools.posts.rewrite(at.key, card);
}

async function drawList(
  tools: Tools,
  { key, thread }: { key: string; thread: ThreadRef },
  projectId: string,
): Promise<PostDraft[]> {
  const { unitOfWork, clock, people } = tools;
  const lessons = await unitOfWork.tables.find('lessons', { projectId }, { orderBy: 'number' });
  const drawn = lessonsCard({
    lessons,
    usedIn: await usedIn(tools, lessons),
    effects: await effectWords(tools, lessons),
    at: clock.now(),
  });
  return namePeople([cleanPost(post(key, thread, by('moltbot'), drawn))], people);
}

/** Tasks, by the lesson that they were told. */
async function usedIn({ unitOfWork, clock }: Tools, lessons: readonly LessonRow[]): Promise<Map<string, number>> {
  const inForce = lessons.filter((lesson) => isInForce(lesson, clock.now())).map(({ id }) => id);
  if (inForce.length === 0) return new Map();
  const uses = Map.groupBy(await unitOfWork.tables.find('lesson_uses', { lessonId: inForce }), (use) => use.lessonId);
  return new Map([...uses].map(([id, own]) => [id, new Set(own.map(({ taskId }) => taskId)).size]));
}

/** What lessons did, in sentences, by their ids. */
async function effectWords(tools: Tools, lessons: readonly LessonRow[]): Promise<Map<string, string>> {
  const effects = await lessonEffects(tools, lessons);
  return new Map(
    lessons.flatMap((lesson) => {
      const effect = effects.get(lesson.id);
      return effect === undefined ? [] : [[lesson.id, effectSentence(lesson, effect)]];
    }),
  );
}

/** What the accepted ones among these did, by their ids; those that are about no failure are left out. */
export async function lessonEffects(
  { unitOfWork }: Pick<DeskTools, 'unitOfWork'>,
  lessons: readonly LessonRow[],
): Promise<Map<string, LessonEffect>> {
  const countable = lessons.filter(({ status, fingerprint }) => status === 'accepted' && fingerprint !== null);
  // The whole ledger is read for it, so not without need.
  if (countable.length === 0) return new Map();
  const effects = await readEffects(unitOfWork, await readHistories(unitOfWork.ledger), countable);
  return new Map(effects.map((effect) => [effect.lessonId, effect]));
}

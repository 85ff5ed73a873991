import type { RetrospectiveRow } from '#src/ledger/reflection-rows.ts';
import type { CardListItem, PostDraft } from '#src/ports/chat.ts';
import { contentOfHeld } from '#src/reflection/digest/held.ts';
import { lessonItem } from './cards/lesson-card.ts';
import { erasedRetrospectiveCard, retrospectiveCard } from './cards/retrospective-card.ts';
import { lessonFacts } from './draw-lessons.ts';
import { by, post } from './redraw.ts';
import type { Views } from './redraw.ts';

/** The card of a week, in the project's channel. */
export async function drawHeldRetrospective(views: Views, retrospectiveId: string): Promise<PostDraft[]> {
  const row = await views.tables.get('retrospectives', retrospectiveId);
  return row === null ? [] : drawRetrospective(views, row);
}

/** With its lessons as they stand now. */
async function drawRetrospective(views: Views, row: RetrospectiveRow): Promise<PostDraft[]> {
  const content = await contentOfHeld(views, row);
  const lessons = await views.tables.find('lessons', { id: row.lessonIds }, { orderBy: 'number' });
  const items: CardListItem[] = [];
  for (const lesson of lessons) {
    const told = content?.retrospective.learned.find(({ lessonId }) => lessonId === lesson.id);
    items.push(lessonItem(lesson, { ...(await lessonFacts(views, lesson)), effect: told?.effect ?? null }));
  }
  const drawn = content === null ? erasedRetrospectiveCard(row.week, items) : retrospectiveCard(content, items);
  return [post(`retro:${row.id}`, { kind: 'project', id: row.projectId }, by('moltbot'), drawn)];
}

/** Those that asked about a lesson: once it is decided, they say so. */
export async function drawRetrospectivesAbout(views: Views, lessonId: string): Promise<PostDraft[]> {
  const lesson = await views.tables.get('lessons', lessonId);
  if (lesson === null) return [];
  const rows = await heldIn(views, lesson.projectId);
  return drawAll(
    views,
    rows.filter(({ lessonIds }) => lessonIds.includes(lessonId)),
  );
}

/** Those whose words are gone. */
export async function drawErasedRetrospectives(views: Views, projectId: string): Promise<PostDraft[]> {
  const erased: RetrospectiveRow[] = [];
  for (const row of await heldIn(views, projectId)) if ((await contentOfHeld(views, row)) === null) erased.push(row);
  return drawAll(views, erased);
}

async function heldIn(views: Views, projectId: string): Promise<RetrospectiveRow[]> {
  return views.tables.find('retrospectives', { projectId }, { orderBy: 'until' });
}

async function drawAll(views: Views, rows: readonly RetrospectiveRow[]): Promise<PostDraft[]> {
  const drafts: PostDraft[] = [];
  for (const row of rows) drafts.push(...(await drawRetrospective(views, row)));
  return drafts;
}

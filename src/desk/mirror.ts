import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Log } from '#src/ports/log.ts';
import type { Post, PostDraft, PostStore } from '#src/ports/chat.ts';
import {
  drawCanvas,
  drawIdea,
  drawOutcome,
  drawPacket,
  drawProject,
  drawSprint,
  drawStatus,
  drawStories,
  drawTasks,
} from './redraw.ts';
import type { Views } from './redraw.ts';
import { drawBlockers, drawReviews } from './draw-decisions.ts';

const CURSOR = 'chat';
const BATCH = 200;
const POLL_MS = 500;

/** The posts that a stretch of the ledger calls for. A card that several events touch is drawn once, as things stand. */
export async function postsFor(events: readonly RecordedEvent[], views: Views): Promise<PostDraft[]> {
  const draws = new Map<string, () => Promise<PostDraft[]>>();
  const later = new Map<string, () => Promise<PostDraft[]>>();
  const draw = (key: string, drawing: () => Promise<PostDraft[]>): void =>
    void (draws.has(key) || draws.set(key, drawing));
  const drawLast = (key: string, drawing: () => Promise<PostDraft[]>): void =>
    void (later.has(key) || later.set(key, drawing));

  const tasks = new Map<string, Promise<StoryTaskRow | null>>();
  const taskOf = (taskId: string): Promise<StoryTaskRow | null> => {
    const known = tasks.get(taskId) ?? views.tables.get('story_tasks', taskId);
    tasks.set(taskId, known);
    return known;
  };

  for (const event of events) {
    if (isEvent(event, 'project.created') || isEvent(event, 'repository.bound')) {
      const { projectId } = event.body;
      draw(`project:${projectId}`, () => drawProject(views, projectId));
      if (event.type === 'repository.bound') {
        for (const { conversationId } of await views.tables.find('inceptions', { projectId }))
          draw(`stories:${conversationId}`, () => drawStories(views, conversationId));
      }
    } else if (isEvent(event, 'conversation.ingested')) {
      const { conversationId, projectId } = event.body;
      draw(`idea:${conversationId}`, () => drawIdea(views, conversationId, projectId));
    } else if (isEvent(event, 'canvas.updated') || isEvent(event, 'feature.judged')) {
      const conversationId = event.body.inceptionId;
      draw(`canvas:${conversationId}`, () => drawCanvas(views, conversationId));
    } else if (isEvent(event, 'stories.written') || isEvent(event, 'story.taken')) {
      const { conversationId } = event.body;
      draw(`stories:${conversationId}`, () => drawStories(views, conversationId));
    } else if (event.taskId !== null) {
      const taskId = event.taskId;
      const task = await taskOf(taskId);
      if (task === null) continue;
      if (
        isEvent(event, 'story.committed') ||
        isEvent(event, 'task.cancelled') ||
        isEvent(event, 'pull-request.merged') ||
        isEvent(event, 'pull-request.rejected')
      ) {
        draw(`stories:${task.conversationId}`, () => drawStories(views, task.conversationId));
      }
      draw(`tasks:${task.conversationId}`, () => drawTasks(views, task.conversationId));
      draw(`status:${taskId}`, () => drawStatus(views, task));
      draw(`packet:${event.seq}`, () => drawPacket(views, event, task));
      drawLast(`blocked:${taskId}`, () => drawBlockers(views, task));
      drawLast(`reviews:${taskId}`, () => drawReviews(views, task));
      drawLast(`outcome:${event.seq}`, () => drawOutcome(views, event, task));
      drawLast(`sprint:${task.projectId}`, () => drawSprint(views, task.projectId));
    }
  }
  const posts: PostDraft[] = [];
  for (const drawing of [...draws.values(), ...later.values()]) posts.push(...(await drawing()));
  return posts;
}

export interface Mirror {
  nudge(): void;
  /** Brings chat up to the ledger's end; for tests and for a clean stop. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps chat in step with the ledger: reads what came after its cursor, draws it, and keeps the posts and the new
 * cursor in one transaction. Decision 0004 tells why a cursor is enough.
 */
export function startMirror({
  views,
  posts,
  log,
  onPosts,
}: {
  views: Views;
  posts: PostStore;
  log: Log;
  onPosts: (posts: readonly Post[]) => void;
}): Mirror {
  let stopped = false;
  let again = false;
  let running: Promise<void> | null = null;

  const step = async (): Promise<boolean> => {
    const from = await posts.cursor(CURSOR);
    const events = await views.ledger.read(from, BATCH);
    const to = events.at(-1)?.seq;
    if (to === undefined) return false;
    const changed = await posts.mirrored({ name: CURSOR, from, to }, await postsFor(events, views));
    if (changed.length > 0) onPosts(changed);
    return events.length === BATCH;
  };
  const drain = async (): Promise<void> => {
    do {
      again = false;
      while (await step());
    } while (again && !stopped);
  };
  const nudge = (): void => {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = drain()
      .catch((error: unknown) =>
        log.error({ error: String(error) }, 'chat could not be brought up to date; it is tried again'),
      )
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(nudge, POLL_MS);
  nudge();
  return {
    nudge,
    async catchUp() {
      do {
        nudge();
        await running;
      } while (again);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}

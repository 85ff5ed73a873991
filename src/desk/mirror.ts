import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { Post, PostDraft, PostStore } from '#src/ports/chat.ts';
import type { People } from '#src/ports/surface.ts';
import { cleanPost } from './clean-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { namePeople } from './name-people.ts';
import {
  drawCanvas,
  drawClosedSprint,
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
import { drawHalt } from './draw-halt.ts';
import { drawIncident } from './draw-incidents.ts';
import { drawErasedRetrospectives, drawHeldRetrospective, drawRetrospectivesAbout } from './draw-retrospective.ts';
import { drawLesson } from './draw-lessons.ts';
import { drawMissedReview } from './draw-missed-review.ts';
import { drawBlockers, drawReviews } from './draw-decisions.ts';
import { drawBudgets, drawHeard, drawSwitch, drawTakeOvers } from './draw-steering.ts';

const CURSOR = 'chat';
const BATCH = 200;
const POLL_MS = 500;
/** Facts of calls to a model change nothing of a task but its cost. */
const CALLS: ReadonlySet<RecordedEvent['type']> = new Set([
  'model.asked',
  'model.answered',
  'model.failed',
  'budget.raised',
]);

/** How a task ends. */
const ENDINGS: ReadonlySet<RecordedEvent['type']> = new Set([
  'task.cancelled',
  'pull-request.merged',
  'pull-request.merged-by-hand',
  'pull-request.rejected',
]);

/** What chat is drawn from, and who is called where an approver is asked. */
type MirrorViews = Views & Pick<DeskTools, 'approvers'>;

/** The posts that a stretch of the ledger calls for. A card that several events touch is drawn once, as things stand. */
export async function postsFor(
  events: readonly RecordedEvent[],
  views: MirrorViews,
  secrets: readonly string[] = [],
): Promise<PostDraft[]> {
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
    } else if (
      isEvent(event, 'canvas.updated') ||
      isEvent(event, 'canvas.refined') ||
      isEvent(event, 'canvas.edited') ||
      isEvent(event, 'feature.judged')
    ) {
      const conversationId = event.body.inceptionId;
      draw(`canvas:${conversationId}`, () => drawCanvas(views, conversationId));
    } else if (isEvent(event, 'stories.written') || isEvent(event, 'story.taken')) {
      const { conversationId } = event.body;
      draw(`stories:${conversationId}`, () => drawStories(views, conversationId));
    } else if (isEvent(event, 'model.switched')) {
      draw(`model:${event.seq}`, () => drawSwitch(event));
      const { scope, key } = event.body;
      const of = scope === 'project' ? { projectId: key } : { conversationId: key };
      for (const { conversationId } of await views.tables.find('inceptions', of))
        draw(`stories:${conversationId}`, () => drawStories(views, conversationId));
    } else if (isEvent(event, 'conversation.forgotten')) {
      const { conversationId } = event.body;
      const projectId = (await views.conversations.get(conversationId))?.projectId;
      if (projectId === undefined) continue;
      draw(`idea:${conversationId}`, () => drawIdea(views, conversationId, projectId));
      drawLast(`sprints:${projectId}`, () => drawSprints(views, projectId));
      drawLast(`retros:${projectId}`, () => drawErasedRetrospectives(views, projectId));
    } else if (isEvent(event, 'retrospective.held')) {
      const { retrospectiveId } = event.body;
      drawLast(`retro:${retrospectiveId}`, () => drawHeldRetrospective(views, retrospectiveId));
    } else if (
      isEvent(event, 'lesson.proposed') ||
      isEvent(event, 'lesson.refused') ||
      isEvent(event, 'lesson.supported') ||
      isEvent(event, 'lesson.edited') ||
      isEvent(event, 'lesson.accepted') ||
      isEvent(event, 'lesson.declined') ||
      isEvent(event, 'lesson.retirement-proposed') ||
      isEvent(event, 'lesson.kept') ||
      isEvent(event, 'lesson.retired')
    ) {
      const { lessonId } = event.body;
      drawLast(`lesson:${lessonId}`, () => drawLesson(views, lessonId));
      drawLast(`retros-about:${lessonId}`, () => drawRetrospectivesAbout(views, lessonId));
    } else if (
      isEvent(event, 'incident.opened') ||
      isEvent(event, 'incident.seen-again') ||
      isEvent(event, 'incident.written-up') ||
      isEvent(event, 'incident.closed')
    ) {
      const { incidentId } = event.body;
      drawLast(`incident:${incidentId}`, () => drawIncident(views, incidentId));
    } else if (isEvent(event, 'factory.halted') || isEvent(event, 'factory.resumed')) {
      draw(`halt:${event.seq}`, () => drawHalt(views, event));
    } else if (isEvent(event, 'sprint.started')) {
      const { projectId } = event.body;
      drawLast(`sprint:${projectId}`, () => drawSprint(views, projectId));
    } else if (isEvent(event, 'sprint.goal-changed')) {
      const { sprintId } = event.body;
      drawLast(`sprint-goal:${sprintId}`, () => drawGoal(views, sprintId));
    } else if (isEvent(event, 'sprint.closed')) {
      drawLast(`sprint-closed:${event.body.sprintId}`, () => drawClosedSprint(views, event));
    } else if (isEvent(event, 'lesson.used')) {
      // What a step was given to think with changes no card.
    } else if (event.taskId !== null) {
      const taskId = event.taskId;
      const task = await taskOf(taskId);
      if (task === null) continue;
      if (CALLS.has(event.type)) {
        draw(`status:${taskId}`, () => drawStatus(views, task));
        continue;
      }
      if (isEvent(event, 'story.committed') || ENDINGS.has(event.type)) {
        draw(`stories:${task.conversationId}`, () => drawStories(views, task.conversationId));
      }
      draw(`tasks:${task.conversationId}`, () => drawTasks(views, task.conversationId));
      draw(`status:${taskId}`, () => drawStatus(views, task));
      draw(`packet:${event.seq}`, () => drawPacket(views, event, task));
      draw(`heard:${event.seq}`, () => drawHeard(views, event, task));
      draw(`review-missed:${event.seq}`, () => drawMissedReview(event, task));
      drawLast(`taken-over:${taskId}`, () => drawTakeOvers(views, task));
      drawLast(`budget:${taskId}`, () => drawBudgets(views, task));
      drawLast(`blocked:${taskId}`, () => drawBlockers(views, task));
      drawLast(`reviews:${taskId}`, () => drawReviews(views, task));
      // What it took back, or did not after all, says so on its own cards.
      if (ENDINGS.has(event.type)) {
        for (let id = task.reverts; id !== null; ) {
          const undone = await taskOf(id);
          if (undone === null) break;
          draw(`status:${id}`, () => drawStatus(views, undone));
          drawLast(`reviews:${id}`, () => drawReviews(views, undone));
          id = undone.reverts;
        }
      }
      drawLast(`outcome:${event.seq}`, () => drawOutcome(views, event, task));
      drawLast(`sprint:${task.projectId}`, () => drawSprint(views, task.projectId));
    }
  }
  const posts: PostDraft[] = [];
  for (const drawing of [...draws.values(), ...later.values()]) posts.push(...(await drawing()));
  return posts.map((post) => cleanPost(post, secrets));
}

/** All of a project's sprints, the closed ones too: their words may be gone. */
async function drawSprints(views: Views, projectId: string): Promise<PostDraft[]> {
  const drafts = await drawSprint(views, projectId);
  for (const { id } of await views.tables.find('sprints', { projectId, status: 'closed' }, { orderBy: 'number' })) {
    const closed = (await views.ledger.stream(`sprint:${id}`)).find(({ type }) => type === 'sprint.closed');
    if (closed !== undefined) drafts.push(...(await drawClosedSprint(views, closed)));
  }
  return drafts;
}

/** That of a sprint which is closed by now is drawn with its outcome. */
async function drawGoal(views: Views, sprintId: string): Promise<PostDraft[]> {
  const sprint = await views.tables.get('sprints', sprintId);
  return sprint?.status === 'open' ? drawSprint(views, sprint.projectId) : [];
}

/**
 * Keeps chat in step with the ledger: reads what came after its cursor, draws it, and keeps the posts and the new
 * cursor in one transaction. Decision 0004 tells why a cursor is enough.
 */
export function startMirror({
  views,
  posts,
  people,
  log,
  secrets = [],
  onPosts,
}: {
  views: MirrorViews;
  posts: PostStore;
  people: People;
  log: Log;
  /** The factory's own, by value: errors of other programs may quote them. */
  secrets?: readonly string[];
  onPosts: (posts: readonly Post[]) => void;
}): Rounds {
  const step = async (): Promise<boolean> => {
    const from = await posts.cursor(CURSOR);
    const events = await views.ledger.read(from, BATCH);
    const to = events.at(-1)?.seq;
    if (to === undefined) return false;
    const drafts = await namePeople(await postsFor(events, views, secrets), people);
    const changed = await posts.mirrored({ name: CURSOR, from, to }, drafts);
    if (changed.length > 0) onPosts(changed);
    return events.length === BATCH;
  };
  return keepGoing({
    everyMs: POLL_MS,
    async round() {
      while (await step());
    },
    onError: (error) => log.error({ error: String(error) }, 'chat could not be brought up to date; it is tried again'),
  });
}

import { inDependencyOrder } from '#src/backlog/commit-stories.ts';
import { closeSprint, startSprint } from '#src/backlog/run-sprint.ts';
import { isCounted } from '#src/backlog/sprint.ts';
import { velocityOf } from '#src/backlog/velocity.ts';
import type { SprintRow } from '#src/ledger/rows.ts';
import type { Card, DeskAnswer, Message, Post } from '#src/ports/chat.ts';
import { card, count } from './cards/card-parts.ts';
import { closeSprintCard } from './cards/close-sprint-card.ts';
import { planCard } from './cards/plan-card.ts';
import type { PlannedIdea, SprintPlan } from './cards/plan-card.ts';
import { sprintFacts } from './cards/sprint-card.ts';
import { cleanPost } from './clean-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { namePeople } from './name-people.ts';
import { by, post } from './redraw.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'posts' | 'people' | 'clock' | 'ids' | 'modelFor'>;

/** What starts the key of a plan's post: such a post is drawn again once something of it was committed. */
const PLAN = 'sprint-plan:';

/** Posts where people asked what could go into the sprint. */
export async function postPlan(tools: Tools, message: Message, projectId: string): Promise<DeskAnswer> {
  const drawn = planCard(await planOf(tools, projectId));
  await say(tools, message, `${PLAN}${projectId}/${message.originId}`, drawn);
  return { ok: true, text: null };
}

/** After a press on a plan: what is left of it. Other posts are the mirror's. */
export async function redrawPlan(tools: Tools, { key, thread, author }: Post): Promise<void> {
  const projectId = key.startsWith(PLAN) ? key.slice(PLAN.length).split('/', 1)[0] : undefined;
  if (projectId === undefined) return;
  const drawn = planCard(await planOf(tools, projectId));
  const [named] = await namePeople([cleanPost({ key, thread, author, card: drawn, mentions: [] })], tools.people);
  if (named !== undefined) await tools.posts.rewrite(key, named.card);
}

async function planOf(tools: Tools, projectId: string): Promise<SprintPlan> {
  const { tables, conversations } = tools.unitOfWork;
  const stories = await tables.find('stories', { projectId });
  const open = stories.filter(({ status }) => status === 'proposed');
  const ideas: PlannedIdea[] = [];
  for (const { id, title } of await conversations.list(projectId)) {
    const own = open.filter(({ conversationId }) => conversationId === id);
    if (own.length === 0) continue;
    const mayWrite = await tools.modelFor(projectId, id);
    ideas.push({ conversationId: id, title, stories: inDependencyOrder(own), mayWrite });
  }
  const sprints = await tables.find('sprints', { projectId }, { orderBy: '-number' });
  const newest = sprints[0];
  const tasks = newest === undefined ? [] : await tables.find('story_tasks', { sprintId: newest.id });
  const isOpen = newest?.status === 'open';
  // Of a closed sprint only what goes on comes over.
  const over = newest?.closedAt ?? '';
  const taken = tasks.filter((task) => isCounted(task) && (isOpen || task.endedAt === null || task.endedAt > over));
  return {
    ideas,
    velocity: velocityOf(sprints),
    taken:
      newest === undefined || taken.length === 0
        ? null
        : {
            number: newest.number,
            isOpen,
            tasks: taken.length,
            points: taken.reduce((sum, { points }) => sum + points, 0),
          },
    titles: new Map(stories.map(({ id, title }) => [id, title])),
    hasRepository: (await tables.find('git_repos', { projectId }, { limit: 1 })).length > 0,
  };
}

/** Opens a sprint, or says that one is open and takes the goal that was named. */
export async function startAnswer(
  tools: Tools,
  { actor, projectId, goal }: { actor: string; projectId: string; goal: string | null },
): Promise<DeskAnswer> {
  const { number, isNew, isGoalChanged, carriedOver } = await startSprint(tools, { projectId, goal, actor });
  if (!isNew) {
    const said = isGoalChanged
      ? 'Its goal is changed.'
      : goal === null
        ? 'Name a goal behind `sprint start` to change it.'
        : 'That is its goal already.';
    return { ok: true, text: `Sprint ${number} is open already. ${said}` };
  }
  const over = carriedOver === 0 ? '' : ` ${count(carriedOver, 'task')} came over from the last one.`;
  const goalWords = goal === null ? ' Name its goal with `sprint start` and the goal behind it.' : '';
  return { ok: true, text: `Sprint ${number} is open.${over}${goalWords}` };
}

/** Asks with a button whether the open sprint is to be closed. */
export async function askToClose(tools: Tools, message: Message, projectId: string): Promise<DeskAnswer> {
  const { tables } = tools.unitOfWork;
  const [sprint] = await tables.find('sprints', { projectId, status: 'open' }, { limit: 1 });
  if (sprint === undefined) return { ok: false, text: 'No sprint is open, so there is nothing to close.' };
  const drawn = closeSprintCard(await closingOf(tools, sprint));
  await say(tools, message, `sprint-close:${sprint.id}/${message.originId}`, drawn);
  return { ok: true, text: null };
}

/** Somebody pressed: the question gets its answer. */
export async function closeAsAsked(
  tools: Tools,
  { actor, projectId, sprintId }: { actor: string; projectId: string; sprintId: string },
  { key, thread, author }: Post,
): Promise<void> {
  const sprint = await tools.unitOfWork.tables.get('sprints', sprintId);
  const closing = sprint === null ? null : await closingOf(tools, sprint);
  await closeSprint(tools, { projectId, sprintId, actor });
  const drawn = closing === null ? card('question', 'Close the sprint?') : closeSprintCard(closing, actor);
  const [named] = await namePeople([{ key, thread, author, card: drawn, mentions: [] }], tools.people);
  if (named !== undefined) await tools.posts.rewrite(key, named.card);
}

async function closingOf({ unitOfWork, clock }: Tools, sprint: SprintRow) {
  const tasks = await unitOfWork.tables.find('story_tasks', { sprintId: sprint.id });
  const { number, points, donePoints, daysLeft } = sprintFacts(sprint, tasks, clock.now());
  const unfinished = tasks.filter(({ endedAt }) => endedAt === null).length;
  return { projectId: sprint.projectId, sprintId: sprint.id, number, points, donePoints, daysLeft, unfinished };
}

async function say(tools: Tools, { thread }: Message, key: string, drawn: Card): Promise<void> {
  for (const named of await namePeople([cleanPost(post(key, thread, by('tess'), drawn))], tools.people)) {
    await tools.posts.say(named);
  }
}

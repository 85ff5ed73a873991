import { contentOf } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import type { Author, PostDraft, ThreadRef } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { editsOf } from './canvas-edits.ts';
import { canvasCard } from './cards/canvas-card.ts';
import { card, item, shortSha } from './cards/card-parts.ts';
import { mergeWords } from './cards/merge-words.ts';
import { packetCard } from './cards/packet-card.ts';
import type { EvidenceOf } from './cards/packet-card.ts';
import { closedSprintCard, sprintCard } from './cards/sprint-card.ts';
import { statusCard } from './cards/status-card.ts';
import { storiesCard } from './cards/stories-card.ts';
import { tasksCard } from './cards/tasks-card.ts';

export type Views = Pick<UnitOfWork, 'tables' | 'artifacts' | 'conversations' | 'ledger'> & {
  clock: Clock;
  /** Whether a model may be used for a conversation. */
  modelFor(projectId: string, conversationId: string): Promise<boolean>;
};

export const by = (name: PersonaName): Author => ({ kind: 'persona', name });
export const factory: Author = { kind: 'factory', name: 'Workbench' };

export function post(
  key: string,
  thread: ThreadRef,
  author: Author,
  drawn: PostDraft['card'],
  mentions: string[] = [],
): PostDraft {
  return { key, thread, author, card: drawn, mentions };
}

/** Each function draws one card from what is true now; drawing it again with the same key edits it in place. */
export async function drawProject(views: Views, projectId: string): Promise<PostDraft[]> {
  const project = await views.tables.get('projects', projectId);
  if (project === null) return [];
  const repo = (await views.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 }))[0];
  const text =
    repo === undefined
      ? `${project.name} is here. Name a repository for it, then drop in a conversation or start an idea.`
      : `${project.name} works on \`${repo.path}\`, branch \`${repo.baseBranch}\`. Drop in a conversation or start an idea.`;
  return [post(`project:${projectId}`, { kind: 'project', id: projectId }, factory, card('notice', text))];
}

export async function drawIdea(views: Views, conversationId: string, projectId: string): Promise<PostDraft[]> {
  const conversation = await views.conversations.get(conversationId);
  if (conversation === null) return [];
  const said = conversation.messages.length;
  return [
    post(
      `idea:${conversationId}`,
      { kind: 'project', id: projectId },
      by('piper'),
      card('message', 'A new idea came in.', {
        blocks: [
          {
            type: 'list',
            title: null,
            items: [
              item(conversation.title, {
                detail: `${said} ${said === 1 ? 'message' : 'messages'}, from ${conversation.source}`,
                thread: { kind: 'idea', id: conversationId },
              }),
            ],
          },
        ],
      }),
    ),
  ];
}

/** Until it has: nobody should take this for all there will be. */
const READING = 'A model is to read this too. What it adds comes here.';

export async function drawCanvas(views: Views, conversationId: string): Promise<PostDraft[]> {
  const features = await views.tables.find('inception_features', { inceptionId: conversationId });
  const items = await views.tables.find('inception_items', { inceptionId: conversationId }, { orderBy: 'position' });
  const inception = await views.tables.get('inceptions', conversationId);
  const first = (row: { evidence: number[] }) => row.evidence[0] ?? Number.MAX_SAFE_INTEGER;
  const ordered = features.toSorted((a, b) => first(a) - first(b));
  return [
    post(
      `canvas:${conversationId}`,
      { kind: 'idea', id: conversationId },
      by('piper'),
      canvasCard(
        conversationId,
        ordered,
        items,
        inception?.refinement ?? (inception?.refine === true ? READING : null),
        await editsOf(views, conversationId),
      ),
    ),
  ];
}

export async function drawStories(views: Views, conversationId: string): Promise<PostDraft[]> {
  const rows = (await views.tables.find('stories', { conversationId })).filter((row) => row.status !== 'removed');
  const stories = await Promise.all(
    rows.map(async (row) => {
      const artifact = await views.artifacts.get(row.draftArtifact);
      return { row, draft: artifact === null ? null : (contentOf(artifact) as StoryDraft) };
    }),
  );
  const projectId = rows[0]?.projectId;
  const mayWrite = projectId !== undefined && (await views.modelFor(projectId, conversationId));
  const repos = projectId === undefined ? [] : await views.tables.find('git_repos', { projectId }, { limit: 1 });
  return [
    post(
      `stories:${conversationId}`,
      { kind: 'idea', id: conversationId },
      by('piper'),
      storiesCard(conversationId, stories, { hasRepository: repos.length > 0, mayWrite }),
    ),
  ];
}

export async function drawTasks(views: Views, conversationId: string): Promise<PostDraft[]> {
  const tasks = await views.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
  if (tasks.length === 0) return [];
  return [post(`tasks:${conversationId}`, { kind: 'idea', id: conversationId }, by('tess'), tasksCard(tasks))];
}

export async function drawSprint(views: Views, projectId: string): Promise<PostDraft[]> {
  const sprint = (await views.tables.find('sprints', { projectId, status: 'open' }, { limit: 1 }))[0];
  if (sprint === undefined) return [];
  const tasks = await views.tables.find('story_tasks', { sprintId: sprint.id }, { orderBy: 'number' });
  return [
    post(
      `sprint:${sprint.id}`,
      { kind: 'project', id: projectId },
      by('tess'),
      sprintCard(sprint, tasks, views.clock.now()),
    ),
  ];
}

/** The card of a sprint turns into what came of it. */
export async function drawClosedSprint(views: Views, event: RecordedEvent): Promise<PostDraft[]> {
  if (!isEvent(event, 'sprint.closed')) return [];
  const sprint = await views.tables.get('sprints', event.body.sprintId);
  if (sprint === null) return [];
  const tasks = await views.tables.find('story_tasks', { sprintId: sprint.id }, { orderBy: 'number' });
  const ids = event.body.unfinished ?? [];
  const unfinished = ids.length === 0 ? [] : await views.tables.find('story_tasks', { id: ids }, { orderBy: 'number' });
  return [
    post(
      `sprint:${sprint.id}`,
      { kind: 'project', id: sprint.projectId },
      by('tess'),
      closedSprintCard(sprint, tasks, { by: event.actor, unfinished }),
    ),
  ];
}

export async function drawStatus(views: Views, task: StoryTaskRow): Promise<PostDraft[]> {
  const runs = await views.tables.find('task_runs', { taskId: task.id }, { orderBy: 'startedAt' });
  const calls = await views.tables.find('model_calls', { taskId: task.id }, { orderBy: 'askedAt' });
  const pullRequest = (await views.tables.find('pull_requests', { taskId: task.id }, { limit: 1 }))[0] ?? null;
  const drawn = statusCard(task, runs, calls, { pullRequest, merge: await mergeOf(views, task) });
  return [post(`status:${task.id}`, { kind: 'task', id: task.id }, by('tess'), drawn)];
}

async function mergeOf(views: Views, task: StoryTaskRow): Promise<string | null> {
  return task.state === 'merged' ? mergeWords(await views.ledger.stream(`task:${task.id}`)) : null;
}

const SPEAKER: Partial<Record<RecordedEvent['type'], PersonaName>> = {
  'assignment.dispatched': 'tess',
  'scope.clarified': 'piper',
  'plan.generated': 'mason',
  'behaviour.locked': 'vera',
  'code.generated': 'ollan',
  'qa.passed': 'vera',
  'qa.failed': 'vera',
};

/** The packet that an event carries, as a reply by the persona who made it. */
export async function drawPacket(views: Views, event: RecordedEvent, task: StoryTaskRow): Promise<PostDraft[]> {
  const speaker = SPEAKER[event.type];
  if (speaker === undefined || event.artifact === null) return [];
  const artifact = await views.artifacts.get(event.artifact);
  if (artifact === null) return [];
  // A packet that cannot be read must not keep the rest of the ledger out of chat.
  const packet = AnyPacket.safeParse(contentOf(artifact));
  if (!packet.success) return [];
  const drawn = packetCard(packet.data, task.conversationId, await evidenceOnCanvas(views, task.conversationId));
  return [post(`packet:${event.seq}`, { kind: 'task', id: task.id }, by(speaker), drawn)];
}

/** Packets repeat sentences of the canvas without the messages that they came from. */
async function evidenceOnCanvas(views: Views, conversationId: string): Promise<EvidenceOf> {
  const items = await views.tables.find('inception_items', { inceptionId: conversationId });
  const byText = new Map(items.map(({ text, evidence }) => [text, evidence]));
  return (text) => byText.get(text) ?? [];
}

/** A short line when a task ends, with what it took. */
export async function drawOutcome(views: Views, event: RecordedEvent, task: StoryTaskRow): Promise<PostDraft[]> {
  // What was turned down says so on its review card.
  if (!isEvent(event, 'memory.noted') || event.artifact === null || task.state !== 'merged') return [];
  const note = await views.artifacts.get(event.artifact);
  const lines = note === null ? [] : note.content.trim().split('\n');
  const merge = await mergeOf(views, task);
  const noted = lines.map((text) => ({ type: 'text' as const, text }));
  return [
    post(
      `outcome:${event.seq}`,
      { kind: 'task', id: task.id },
      by('tess'),
      card(
        'outcome',
        `**${task.title}** is merged as ${[shortSha(task.mergedSha ?? ''), ...(merge === null ? [] : [merge])].join(', ')}.`,
        {
          tone: 'good',
          blocks: lines.length === 0 ? [] : [{ type: 'fold', summary: 'Noted for later', blocks: noted }],
        },
      ),
    ),
  ];
}

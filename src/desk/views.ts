import { hasEnded, taskStatuses } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { DiffView, LedgerView, Overview, ProjectView, ThreadView, WhyView } from './desk.ts';
import { awaitedBy, waitsFor } from './awaited.ts';
import type { DeskTools } from './desk-tools.ts';
import { viewHalt } from './halt.ts';
import type { GlanceGroups } from './glance-groups.ts';
import { sprintFacts } from './cards/sprint-card.ts';
import { waitsForPerson } from './cards/task-words.ts';
import { isLive } from './say.ts';

/** A long conversation shows its beginning and its end. */
const SHOWN_AT_EACH_END = 20;
const MAX_DIFF_BYTES = 2 * 1024 * 1024;

type Tools = Pick<DeskTools, 'unitOfWork' | 'posts' | 'workspace' | 'clock' | 'verifyLedger'>;

/** What waits for `actor` first, then what waits for others; each with the one that moved last at the top. */
export async function viewOverview({ unitOfWork }: Tools, glance: GlanceGroups, actor: string): Promise<Overview> {
  const { tables } = unitOfWork;
  const projects = await tables.find('projects', {}, { orderBy: 'createdAt' });
  const open = taskStatuses.filter((status) => !hasEnded(status));
  const tasks = await tables.find('story_tasks', { state: open }, { orderBy: '-updatedAt' });
  const repos = await tables.find('git_repos', {}, { orderBy: 'createdAt' });
  const bound = new Map(repos.map(({ projectId, path, baseBranch }) => [projectId, { path, baseBranch }]));
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  const forges = new Map(repos.map(({ id, forge }) => [id, forge]));
  const held = tasks.filter(waitsForPerson);
  const members = await glance(held.flatMap(awaitedBy));
  const waiting = held.map((task) => ({
    text: `${projects.length > 1 ? `${names.get(task.projectId) ?? ''}, task` : 'Task'} ${task.number} · ${task.title}: ${task.waitingKind === 'approval' ? 'decide on its review' : (task.waitingText ?? 'needs you')}`,
    thread: { kind: 'task', id: task.id } satisfies ThreadRef,
    since: task.updatedAt,
    isMine: waitsFor(actor, task, { members, forge: forges.get(task.repoId) ?? '' }),
    whom: awaitedBy(task),
  }));
  const active = new Set(tasks.map((task) => task.projectId));
  const halt = await viewHalt(unitOfWork);
  return {
    ...(halt === null ? {} : { halt }),
    waiting: waiting.toSorted((one, other) => Number(other.isMine) - Number(one.isMine)),
    projects: projects.map(({ id, name }) => ({
      id,
      name,
      active: active.has(id),
      repository: bound.get(id) ?? null,
    })),
  };
}

async function repositoryOf(
  unitOfWork: DeskTools['unitOfWork'],
  projectId: string,
): Promise<{ path: string; baseBranch: string } | null> {
  const repo = (await unitOfWork.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 }))[0];
  return repo === undefined ? null : { path: repo.path, baseBranch: repo.baseBranch };
}

export async function viewProject({ unitOfWork, clock }: Tools, projectId: string): Promise<ProjectView | null> {
  const project = await unitOfWork.tables.get('projects', projectId);
  if (project === null) return null;
  const tasks = await unitOfWork.tables.find('story_tasks', { projectId }, { orderBy: 'number' });
  const sprint = (await unitOfWork.tables.find('sprints', { projectId, status: 'open' }, { limit: 1 }))[0];
  const conversations = await unitOfWork.conversations.list(projectId);
  return {
    id: project.id,
    name: project.name,
    active: tasks.some((task) => !hasEnded(task.state as TaskStatus)),
    repository: await repositoryOf(unitOfWork, projectId),
    ideas: conversations.map(({ id, title, messageCount, createdAt }) => ({
      conversationId: id,
      title,
      messageCount,
      at: createdAt,
    })),
    tasks: tasks.map((task) => ({
      taskId: task.id,
      conversationId: task.conversationId,
      number: task.number,
      title: task.title,
      state: task.state,
      paused: task.paused,
      waitingKind: task.waitingKind,
      waitingText: task.waitingText,
    })),
    sprint: sprint === undefined ? null : sprintFacts(sprint, tasks, clock.now()),
  };
}

export async function viewThread({ unitOfWork, posts }: Tools, thread: ThreadRef): Promise<ThreadView | null> {
  if (thread.kind === 'project') {
    const project = await unitOfWork.tables.get('projects', thread.id);
    if (project === null) return null;
    return {
      thread,
      title: project.name,
      projectId: project.id,
      conversation: [],
      omittedMessages: 0,
      posts: await posts.thread(thread),
      idea: null,
    };
  }
  if (thread.kind === 'task') {
    const task = await unitOfWork.tables.get('story_tasks', thread.id);
    if (task === null) return null;
    return {
      thread,
      title: task.title,
      projectId: task.projectId,
      conversation: [],
      omittedMessages: 0,
      posts: await posts.thread(thread),
      idea: { kind: 'idea', id: task.conversationId },
    };
  }
  const conversation = await unitOfWork.conversations.get(thread.id);
  if (conversation === null) return null;
  const brought = conversation.messages.filter((message) => !isLive(message.originId));
  const omitted = Math.max(0, brought.length - 2 * SHOWN_AT_EACH_END);
  const shown =
    omitted === 0 ? brought : [...brought.slice(0, SHOWN_AT_EACH_END), ...brought.slice(-SHOWN_AT_EACH_END)];
  return {
    thread,
    title: conversation.title,
    projectId: conversation.projectId,
    conversation: shown.map(({ position, speaker, role, at, text }) => ({ position, speaker, role, at, text })),
    omittedMessages: omitted,
    posts: await posts.thread(thread),
    idea: null,
  };
}

export async function viewWhy(
  { unitOfWork }: Tools,
  conversationId: string,
  positions: readonly number[],
): Promise<WhyView[]> {
  const conversation = await unitOfWork.conversations.get(conversationId);
  if (conversation === null) return [];
  return positions.flatMap((position) => {
    const message = conversation.messages[position];
    return message === undefined ? [] : [{ position, speaker: message.speaker, at: message.at, text: message.text }];
  });
}

/** The diff that the latest review card asks about; before there is one, what is on the branch. */
export async function viewDiff({ unitOfWork, workspace }: Tools, taskId: string): Promise<DiffView | null> {
  const task = await unitOfWork.tables.get('story_tasks', taskId);
  if (task === null) return null;
  const repo = await unitOfWork.tables.get('git_repos', task.repoId);
  const branch = (await unitOfWork.tables.find('git_branches', { taskId }, { orderBy: '-createdAt', limit: 1 }))[0];
  if (repo === null || branch === undefined || branch.headSha === branch.baseSha) return null;
  const events = await unitOfWork.ledger.stream(`task:${taskId}`);
  const ask = events.findLast((event) => isEvent(event, 'pull-request.opened'));
  const ref = { id: repo.id, path: repo.path, baseBranch: repo.baseBranch };
  const shown = ask === undefined ? null : ask.body;
  const baseSha = shown?.baseSha ?? branch.baseSha;
  const headSha = shown?.headSha ?? branch.headSha;
  const facts = await workspace.diff(ref, baseSha, headSha);
  const { text, truncated } = await workspace.diffText(ref, baseSha, headSha, MAX_DIFF_BYTES);
  return {
    taskId,
    title: task.title,
    baseSha,
    headSha,
    diffHash: shown?.diffHash ?? facts.diffHash,
    text,
    truncated,
    lookAt: shown?.lookAt ?? [],
  };
}

export async function viewLedger({ unitOfWork, verifyLedger }: Tools, limit: number): Promise<LedgerView> {
  const verdict = await verifyLedger();
  const recent = await unitOfWork.ledger.read(Math.max(0, verdict.head.seq - limit), limit);
  return {
    events: verdict.events,
    verified: verdict.verified,
    head: verdict.head,
    recent: recent.map(({ seq, type, actor, at, taskId }) => ({ seq, type, actor, at, taskId })).toReversed(),
  };
}

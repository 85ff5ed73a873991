import { createHash } from 'node:crypto';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { card } from './cards/card-parts.ts';
import { drawSprint } from './redraw.ts';
import type { DeskTools } from './desk-tools.ts';
import { stopTask } from './press.ts';
import { takeIn } from './take-in.ts';

/** What a person typed. `@Tess`, a slash and case do not matter; only whole, known words are commands. */
const COMMANDS = /^(?:@?tess[,:]?\s+)?\/?(stop|pause|resume|retry|sprint status|sprint|status|backlog|help)\s*[.!]?$/i;

export const HELP =
  'In a task: stop, pause, resume, retry, or paste code with the name of its file. In a project: sprint status, backlog, or a new idea. Anywhere: help.';

/** Words that open a talk between people: kept, and not answered. */
const ASIDE = /^\s*(?:\(|aside[:,]|btw[:,]|fyi[:,])/i;

/** Takes in what a person said in a thread. Commands act at once; other words feed the thread that they stand in. */
export async function answerMessage(tools: DeskTools, message: Message): Promise<DeskAnswer> {
  const text = message.text.trim();
  if (text === '') return { ok: false, text: 'There was nothing in that message.' };
  const command = COMMANDS.exec(text)?.[1]?.toLowerCase() ?? null;
  try {
    if (command === 'help') return { ok: true, text: HELP };
    if (command !== null) return await obey(tools, message, command);
    if (message.thread.kind === 'task') return await steer(tools, message, text);
    if (message.thread.kind === 'idea') return await goOn(tools, message, text);
    await startIdea(tools, {
      actor: message.actor,
      projectId: message.thread.id,
      text,
      originId: message.originId,
      at: message.at,
    });
    return { ok: true, text: null };
  } catch (error) {
    if (error instanceof FactoryError) return { ok: false, text: `${error.message} ${error.fix}` };
    throw error;
  }
}

async function obey(tools: DeskTools, message: Message, command: string): Promise<DeskAnswer> {
  const { thread, actor } = message;
  if (
    thread.kind === 'task' &&
    (command === 'stop' || command === 'pause' || command === 'resume' || command === 'retry')
  ) {
    if (command === 'stop') await stopTask(tools, thread.id, actor);
    else if (command === 'retry')
      await controlTask(tools, {
        taskId: thread.id,
        actor,
        lane: tools.lane,
        command: { type: 'retry', revision: null },
      });
    else await controlTask(tools, { taskId: thread.id, actor, lane: tools.lane, command: { type: command } });
    return { ok: true, text: null };
  }
  const projectId = await projectOf(tools, thread);
  if (projectId === null) return { ok: false, text: `I do not know which project you mean. ${HELP}` };
  if (command === 'backlog') return { ok: true, text: await backlogLine(tools, projectId) };
  const [sprint] = await drawSprint({ ...tools.unitOfWork, clock: tools.clock }, projectId);
  if (sprint !== undefined && ['sprint', 'sprint status', 'status'].includes(command))
    return { ok: true, text: sprintText(sprint.card) };
  if (['sprint', 'sprint status', 'status'].includes(command))
    return { ok: true, text: 'No sprint is open. Commit a story to start one.' };
  return { ok: false, text: `"${command}" works in a task's thread. ${HELP}` };
}

function sprintText(drawn: ReturnType<typeof card>): string {
  const tasks = drawn.blocks.flatMap((block) => (block.type === 'list' && block.title === 'Tasks' ? block.items : []));
  return [drawn.lead, ...tasks.map((task) => `${task.text}: ${task.detail ?? ''}`)].join('\n');
}

async function backlogLine(tools: DeskTools, projectId: string): Promise<string> {
  const stories = await tools.unitOfWork.tables.find('stories', { projectId, status: 'proposed' });
  if (stories.length === 0) return 'The backlog is empty.';
  return [
    `${stories.length} in the backlog:`,
    ...stories.map((story) => `${story.title} (${story.points} points${story.hasChangeSet ? '' : ', no code yet'})`),
  ].join('\n');
}

async function projectOf(tools: DeskTools, thread: Message['thread']): Promise<string | null> {
  if (thread.kind === 'project') return thread.id;
  if (thread.kind === 'task') return (await tools.unitOfWork.tables.get('story_tasks', thread.id))?.projectId ?? null;
  return (await tools.unitOfWork.conversations.get(thread.id))?.projectId ?? null;
}

/** The person's own words as a post; taken in at most once by the surface's id of them. */
async function keepWords(tools: DeskTools, message: Message, text: string): Promise<void> {
  await tools.posts.say({
    key: `said:${message.originId}`,
    thread: message.thread,
    author: { kind: 'person', name: message.actor },
    card: card('message', text),
    mentions: [],
  });
}

/** In a task's thread: code replaces what the task brings and is tried at once when it is blocked; other words are kept. */
async function steer(tools: DeskTools, message: Message, text: string): Promise<DeskAnswer> {
  await keepWords(tools, message, text);
  const task = await loadTask(tools.unitOfWork, message.thread.id);
  if (task === null) return { ok: false, text: 'This task is not here any more.' };
  const pasted: Conversation = {
    id: `task:${task.taskId}`,
    title: '',
    source: 'room',
    skipped: [],
    messages: [
      { position: 0, speaker: message.actor, role: 'person', at: message.at, text, originId: message.originId },
    ],
  };
  const found = findChangeSets(pasted, findCodeBlocks(pasted.messages));
  const changeSet = found.changeSets[0];
  if (changeSet === undefined) {
    const refused = found.leftOut[0];
    if (refused !== undefined) return { ok: false, text: `${refused.path} was not taken: ${refused.reason}` };
    return {
      ok: true,
      text: 'Kept here. Without a model only code with the name of its file, or a command, changes the next step. Say help for the commands.',
    };
  }
  if (task.status !== 'blocked') {
    return {
      ok: false,
      text: `Task ${task.number} is ${task.status}; code is taken while it is blocked. Press Request changes first.`,
    };
  }
  const artifact = jsonArtifact('change-set', changeSet);
  await controlTask(tools, {
    taskId: task.taskId,
    actor: message.actor,
    lane: tools.lane,
    command: { type: 'retry', revision: artifact.hash },
    artifacts: [artifact],
  });
  return { ok: true, text: null };
}

/** In an idea thread: the conversation grows, and canvas and stories follow. */
async function goOn(tools: DeskTools, message: Message, text: string): Promise<DeskAnswer> {
  await keepWords(tools, message, text);
  if (ASIDE.test(text)) return { ok: true, text: null };
  const conversation = await tools.unitOfWork.conversations.get(message.thread.id);
  if (conversation === null) return { ok: false, text: 'This conversation is not here any more.' };
  const originId = liveOrigin(message.originId);
  if (conversation.messages.some((known) => known.originId === originId)) return { ok: true, text: null };
  const { projectId, fileHash, ...rest } = conversation;
  const grown: Conversation = {
    ...rest,
    messages: [
      ...rest.messages,
      { position: rest.messages.length, speaker: message.actor, role: 'person', at: message.at, text, originId },
    ],
  };
  await takeIn(tools, { projectId, conversation: grown, fileHash, actor: message.actor });
  return { ok: true, text: null };
}

const LIVE_PREFIX = 'live:';

/** Marks words that were said here, and so stand in the thread as posts already. */
export function liveOrigin(originId: string): string {
  return `${LIVE_PREFIX}${originId}`;
}

export function isLive(originId: string | null): boolean {
  return originId?.startsWith(LIVE_PREFIX) ?? false;
}

const TITLE_CHARACTERS = 60;

/** A person's first words start an idea thread of their own. */
export async function startIdea(
  tools: DeskTools,
  {
    actor,
    projectId,
    text,
    originId,
    at,
  }: { actor: string; projectId: string; text: string; originId: string; at: string },
): Promise<{ conversationId: string }> {
  // The same words delivered again must find the same idea, so its id comes from theirs.
  const conversationId = `idea-${createHash('sha256').update(originId).digest('hex').slice(0, 20)}`;
  const conversation: Conversation = {
    id: conversationId,
    title: titleOf(text),
    source: 'room',
    skipped: [],
    messages: [{ position: 0, speaker: actor, role: 'person', at, text, originId: liveOrigin(originId) }],
  };
  await keepWords(tools, { actor, thread: { kind: 'idea', id: conversationId }, text, originId, at }, text);
  await takeIn(tools, { projectId, conversation, fileHash: null, actor });
  return { conversationId };
}

function titleOf(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_CHARACTERS) return line === '' ? 'An idea' : line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2))} …`;
}

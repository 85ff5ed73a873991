import { createHash } from 'node:crypto';
import { waitForLock } from '#src/backlog/wait-for-lock.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask, retryMoved } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { backlogAnswer, sprintAnswer } from './answers.ts';
import { card } from './cards/card-parts.ts';
import type { DeskTools } from './desk-tools.ts';
import { pasteCode } from './paste-code.ts';
import { stopTask } from './stop-task.ts';
import { takeIn } from './take-in.ts';

/** What a person typed. `@Tess`, a slash and case do not matter; only whole, known words are commands. */
const COMMANDS = /^(?:@?tess[,:]?\s+)?\/?(stop|pause|resume|retry|sprint status|sprint|status|backlog|help)\s*[.!]?$/i;

export const HELP =
  'In a task: stop, pause, resume, retry, or paste code with the name of its file. In a project: sprint status, backlog, or a new idea. Anywhere: help.';

/** Words that open a talk between people: kept, and not answered. */
const ASIDE = /^\s*(?:\(|aside[:,]|btw[:,]|fyi[:,])/i;

/** Whether words in a channel are for somebody already there, and so no new idea. */
export function isCommandOrAside(text: string): boolean {
  return COMMANDS.test(text.trim()) || ASIDE.test(text);
}

/** Takes in what a person said in a thread. Commands act at once; other words feed the thread that they stand in. */
export async function answerMessage(tools: DeskTools, message: Message): Promise<DeskAnswer> {
  const text = message.text.trim();
  if (text === '') return { ok: false, text: 'There was nothing in that message.' };
  const command = COMMANDS.exec(text)?.[1]?.toLowerCase() ?? null;
  try {
    if (command === 'help') return { ok: true, text: HELP };
    if (command !== null) return await obey(tools, message, command);
    if (ASIDE.test(text)) {
      await keepWords(tools, message, text);
      return { ok: true, text: null };
    }
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
  if (thread.kind === 'task') {
    const ask = { taskId: thread.id, actor, lane: tools.lane };
    switch (command) {
      case 'stop':
        return { ok: true, text: await stopTask(tools, thread.id, actor) };
      case 'retry':
        await controlTask(tools, { ...ask, command: { type: 'retry', revision: null } });
        return { ok: true, text: null };
      case 'pause':
      case 'resume':
        await controlTask(tools, { ...ask, command: { type: command } });
        return { ok: true, text: null };
    }
  }
  const projectId = await projectOf(tools, thread);
  if (projectId === null) return { ok: false, text: `I do not know which project you mean. ${HELP}` };
  if (command === 'backlog') return { ok: true, text: await backlogAnswer(tools, projectId) };
  if (['sprint', 'sprint status', 'status'].includes(command)) {
    return { ok: true, text: await sprintAnswer(tools, projectId) };
  }
  return { ok: false, text: `"${command}" works in a task's thread. ${HELP}` };
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

/** In a task's thread: the words are kept, and code among them may change what the task brings. */
async function steer(tools: DeskTools, message: Message, text: string): Promise<DeskAnswer> {
  const task = await loadTask(tools.unitOfWork, message.thread.id);
  if (task === null) return { ok: false, text: 'This task is not here any more.' };
  return pasteCode(tools, task, message, text, () => keepWords(tools, message, text));
}

/** In an idea thread: the conversation grows, and canvas and stories follow. */
async function goOn(tools: DeskTools, message: Message, text: string): Promise<DeskAnswer> {
  const conversationId = message.thread.id;
  if ((await tools.unitOfWork.conversations.get(conversationId)) === null) {
    return { ok: false, text: 'This conversation is not here any more.' };
  }
  await keepWords(tools, message, text);
  await changeAlone(tools, conversationId, async (conversation) => {
    const originId = liveOrigin(message.originId);
    const { projectId, fileHash, conversation: known } = takenIn(conversation);
    const said = { speaker: message.actor, role: 'person' as const, at: message.at, text, originId };
    // Taken in before, perhaps by a process that died before it drew the canvas: then only that is left to do.
    const isKnown = known.messages.some((earlier) => earlier.originId === originId);
    const messages = isKnown ? known.messages : [...known.messages, { position: known.messages.length, ...said }];
    await takeIn(tools, { projectId, conversation: { ...known, messages }, fileHash, actor: message.actor });
  });
  return { ok: true, text: null };
}

/** Two people may speak at once: without the lock the later would write the conversation without the earlier's words. */
export async function changeAlone(
  { unitOfWork }: Pick<DeskTools, 'unitOfWork'>,
  conversationId: string,
  change: (conversation: KeptConversation) => Promise<void>,
): Promise<void> {
  await waitForLock(unitOfWork, `conversation:${conversationId}`, () =>
    retryMoved(async () => {
      const conversation = await unitOfWork.conversations.get(conversationId);
      if (conversation !== null) await change(conversation);
    }),
  );
}

const LIVE_PREFIX = 'live:';

/** Marks words that were said here, and so stand in the thread as posts already. */
function liveOrigin(originId: string): string {
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
  // Delivered again after others have answered, it must not take their words away.
  const kept = await tools.unitOfWork.conversations.get(conversationId);
  if (kept === null) await takeIn(tools, { projectId, conversation, fileHash: null, actor });
  else await changeAlone(tools, conversationId, (now) => takeIn(tools, { ...takenIn(now), actor }));
  return { conversationId };
}

function takenIn({ projectId, fileHash, ...conversation }: KeptConversation) {
  return { projectId, fileHash, conversation };
}

function titleOf(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_CHARACTERS) return line === '' ? 'An idea' : line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2))} …`;
}

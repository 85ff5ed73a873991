import { createHash } from 'node:crypto';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { addressIn } from './address.ts';
import { allowBudget } from './allow-budget.ts';
import { projectCostAnswer, taskCostAnswer } from './answer-cost.ts';
import { backlogAnswer, canvasAnswer, sprintAnswer } from './answers.ts';
import { card } from './cards/card-parts.ts';
import type { DeskTools } from './desk-tools.ts';
import { controlAll } from './halt.ts';
import { haltWordIn } from './halt-words.ts';
import { lessonWordIn } from './lesson-words.ts';
import { answerLessonWord } from './lessons.ts';
import { linkAccount } from './link-account.ts';
import { linkWordIn } from './link-words.ts';
import { pasteCode } from './paste-code.ts';
import { releaseNotesAnswer } from './release-notes.ts';
import { retrospectiveAnswer } from './retrospective.ts';
import { retryTask } from './retry-task.ts';
import { runStories } from './run-stories.ts';
import { answerByPiper, steerFromIdea } from './speak-to-persona.ts';
import { askToClose, postPlan, startAnswer } from './sprints.ts';
import { stopTask } from './stop-task.ts';
import { modelAnswer, switchModel } from './switch-model.ts';
import type { Place } from './switch-model.ts';
import { takeIn } from './take-in.ts';
import { giveToPerson, takeFromPerson } from './task-hands.ts';

/** What a person typed. A persona's name, a slash and case do not matter; only whole, known words are commands. */
const COMMANDS =
  /^(?:@?(?:tess|piper|mason|ollan|vera|moltbot)[,:]?\s+)?\/?(stop|pause|resume|retry|take[ -]?over|hand[ -]?back|allow|cost|model(?: on| off)?|sprint(?: (?:status|plan|start|close))?|status|backlog|release[ -]?notes|retro(?: now)?|run|canvas|help)\s*[.!]?$/i;

/** The one command with words behind it: a goal on the same line. “Sprint start is on Monday” is talk. */
const START_WITH_GOAL =
  /^(?:@?(?:tess|piper|mason|ollan|vera|moltbot)[,:]?\s+)?\/?sprint start(?:\s*:\s*|\s+(?!(?:is|was|will|would|should|could|has|date|day|time|meeting)\b))(\S.*)$/i;

export const HELP =
  'In a task: stop, pause, resume, retry, take over, hand back, allow (more of a budget), cost; paste code with the name of its file, or say what matters to whoever works on it. In a project: sprint status, sprint plan, sprint start (with its goal), sprint close, backlog, release notes, retro, cost, or a new idea. In all of these: remember: … (what later tasks are told; remember for Vera: … and remember in src/cart: … are for some of them), lessons. In a project or an idea: run (starts every story that can start), canvas, model off, model on, model. Anywhere: halt (stops all work at once, until an approver says resume all), link github (your approvals here count as your reviews there), unlink github, help.';

const NO_PROJECT: DeskAnswer = { ok: false, text: `I do not know which project you mean. ${HELP}` };

/** Words that open a talk between people: kept, and not answered. */
const ASIDE = /^\s*(?:\(|aside[:,]|btw[:,]|fyi[:,])/i;

/** Whether words in a channel are for somebody already there, and so no new idea. */
export function isCommandOrAside(text: string): boolean {
  return (
    haltWordIn(text) !== null ||
    linkWordIn(text) !== null ||
    lessonWordIn(text) !== null ||
    COMMANDS.test(text.trim()) ||
    START_WITH_GOAL.test(text.trim()) ||
    ASIDE.test(text)
  );
}

interface Command {
  name: string;
  /** What stands behind it; null: nothing. */
  rest: string | null;
}

/** The command in one spelling, or null when the words are none. */
function commandIn(text: string): Command | null {
  const goal = START_WITH_GOAL.exec(text)?.[1]?.trim();
  const name = goal === undefined ? nameIn(text) : 'sprint start';
  return name === null ? null : { name, rest: goal ?? null };
}

function nameIn(text: string): string | null {
  const typed = COMMANDS.exec(text)?.[1]?.toLowerCase() ?? null;
  return (
    typed
      ?.replace(/^release[ -]?notes$/, 'release notes')
      .replace(/^retro now$/, 'retro')
      .replace(/^take[ -]?over$/, 'take over')
      .replace(/^hand[ -]?back$/, 'hand back') ?? null
  );
}

/** Takes in what a person said in a thread. Commands act at once; other words feed the thread that they stand in. */
export async function answerMessage(tools: DeskTools, message: Message): Promise<DeskAnswer> {
  const text = message.text.trim();
  if (text === '') return { ok: false, text: 'There was nothing in that message.' };
  const command = commandIn(text);
  const word = haltWordIn(text);
  try {
    if (word !== null) return await controlAll(tools, { actor: message.actor, word, originId: message.originId });
    const linking = linkWordIn(text);
    if (linking !== null) return await linkAccount(tools, { actor: message.actor, word: linking });
    if (command?.name === 'help') return { ok: true, text: HELP };
    if (command !== null) return await obey(tools, message, command);
    const lesson = lessonWordIn(text);
    if (lesson !== null) {
      const projectId = await projectOf(tools, message.thread);
      return projectId === null ? NO_PROJECT : await answerLessonWord(tools, message, projectId, lesson);
    }
    if (ASIDE.test(text)) {
      await keepWords(tools, message, text);
      return { ok: true, text: null };
    }
    if (message.thread.kind === 'task') return await steer(tools, message, text);
    if (message.thread.kind === 'idea') return await hearInIdea(tools, message, text);
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

async function obey(tools: DeskTools, message: Message, { name: command, rest }: Command): Promise<DeskAnswer> {
  const { thread, actor } = message;
  if (thread.kind === 'task') {
    const ask = { taskId: thread.id, actor, lane: tools.lane };
    switch (command) {
      case 'stop':
        return { ok: true, text: await stopTask(tools, thread.id, actor) };
      case 'retry':
        await retryTask(tools, thread.id, actor);
        return { ok: true, text: null };
      case 'pause':
      case 'resume':
        await controlTask(tools, { ...ask, command: { type: command } });
        return { ok: true, text: null };
      case 'take over':
        return { ok: true, text: await giveToPerson(tools, thread.id, actor) };
      case 'hand back':
        return { ok: true, text: await takeFromPerson(tools, thread.id, actor) };
      case 'allow':
        await allowBudget(tools, { taskId: thread.id, actor, budget: null });
        return { ok: true, text: null };
      case 'cost':
        return { ok: true, text: await taskCostAnswer(tools, thread.id) };
    }
  }
  const projectId = await projectOf(tools, thread);
  if (projectId === null) return NO_PROJECT;
  switch (command) {
    case 'backlog':
      return { ok: true, text: await backlogAnswer(tools, projectId) };
    case 'release notes':
      return { ok: true, text: await releaseNotesAnswer(tools, projectId) };
    case 'retro':
      return { ok: true, text: await retrospectiveAnswer(tools, projectId) };
    case 'sprint':
    case 'sprint status':
    case 'status':
      return { ok: true, text: await sprintAnswer(tools, projectId) };
    case 'sprint plan':
      return postPlan(tools, message, projectId);
    case 'sprint start':
      return startAnswer(tools, { actor, projectId, goal: rest });
    case 'sprint close':
      return askToClose(tools, message, projectId);
    case 'run':
      return runStories(tools, { actor, ...(await placeOf(tools, thread, projectId)) });
    case 'canvas':
      return canvasAnswer(tools, await placeOf(tools, thread, projectId));
    case 'cost':
      return { ok: true, text: await projectCostAnswer(tools, projectId) };
  }
  if (command.startsWith('model')) return { ok: true, text: await obeyModel(tools, message, command, projectId) };
  return { ok: false, text: `"${command}" works in a task's thread. ${HELP}` };
}

/** What is said in a task belongs to its idea. */
async function placeOf(tools: DeskTools, { kind, id }: Message['thread'], projectId: string): Promise<Place> {
  const task = kind === 'task' ? await tools.unitOfWork.tables.get('story_tasks', id) : null;
  return { projectId, conversationId: kind === 'project' ? null : (task?.conversationId ?? id) };
}

/** The model can be asked about, and switched, where the words stand. */
async function obeyModel(tools: DeskTools, message: Message, command: string, projectId: string): Promise<string> {
  const place = await placeOf(tools, message.thread, projectId);
  if (command === 'model') return modelAnswer(tools, place);
  return switchModel(tools, message, place, command === 'model on');
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
    author: { kind: 'person', name: message.speaker ?? message.actor },
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

/** Words for Piper, Tess or nobody by name are part of the idea; the others work in tasks. */
async function hearInIdea(tools: DeskTools, message: Message, text: string): Promise<DeskAnswer> {
  const address = addressIn(text);
  if (address === null) return goOn(tools, message, text, text);
  const { to, words } = address;
  if (to !== 'piper' && to !== 'tess') {
    await keepWords(tools, message, text);
    return steerFromIdea(tools, message, { to, text });
  }
  const answer = await goOn(tools, message, text, words);
  return to === 'piper' && answer.ok ? answerByPiper(tools, message.thread.id, words) : answer;
}

/** In an idea thread: the conversation grows by these words, and canvas and stories follow. */
async function goOn(tools: DeskTools, message: Message, shown: string, text: string): Promise<DeskAnswer> {
  const conversationId = message.thread.id;
  const kept = await tools.unitOfWork.conversations.get(conversationId);
  if (kept === null) return { ok: false, text: 'This conversation is not here any more.' };
  // They came in with the thread that they were said in.
  if (kept.messages.some(({ originId }) => originId === message.originId)) return { ok: true, text: null };
  await keepWords(tools, message, shown);
  await changeAlone(tools, conversationId, async (conversation) => {
    const originId = liveOrigin(message.originId);
    const { projectId, fileHash, conversation: known } = takenIn(conversation);
    const said = { speaker: message.speaker ?? message.actor, role: 'person' as const, at: message.at, text, originId };
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
  // Delivered again after others have answered, it must not take their words away.
  const kept = await tools.unitOfWork.conversations.get(conversationId);
  if (kept === null) await takeIn(tools, { projectId, conversation, fileHash: null, actor });
  else await changeAlone(tools, conversationId, (now) => takeIn(tools, { ...takenIn(now), actor }));
  return { conversationId };
}

export function takenIn({ projectId, fileHash, ...conversation }: KeptConversation) {
  return { projectId, fileHash, conversation };
}

export function titleOf(text: string): string {
  const line = text.split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= TITLE_CHARACTERS) return line === '' ? 'An idea' : line;
  const cut = line.slice(0, TITLE_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_CHARACTERS / 2))} …`;
}

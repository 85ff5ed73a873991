import { stepAhead } from '#src/code-factory/addressed.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { endedStatuses } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { DeskTools } from './desk-tools.ts';
import { steerTask } from './steer.ts';

/** What Piper says to words of an idea's thread that were for her; they are taken in with the rest. */
export async function answerByPiper(tools: DeskTools, conversationId: string, words: string): Promise<DeskAnswer> {
  const conversation = await tools.unitOfWork.conversations.get(conversationId);
  const mayThink = conversation !== null && (await tools.modelFor(conversation.projectId, conversationId));
  const text =
    mayThink || !words.trim().endsWith('?')
      ? 'I read this with the conversation; what comes of it stands on the canvas.'
      : 'Without a model I cannot answer a question. I keep it with the conversation, and the canvas follows its words.';
  return { ok: true, text, by: 'piper' };
}

/**
 * In an idea's thread somebody speaks to a persona that works in tasks' threads: the words reach its task where only one
 * can be meant. They are no part of the idea.
 */
export async function steerFromIdea(
  tools: DeskTools,
  message: Message,
  { to, text }: { to: PersonaName; text: string },
): Promise<DeskAnswer> {
  const tasks = await openTasks(tools, message.thread.id);
  const meant = tasks.filter((task) => stepAhead(to, task) !== null);
  const [only, ...others] = meant;
  if (only === undefined) {
    return {
      ok: true,
      text: 'I work in the threads of tasks and have no step ahead here, so your words are kept and nobody acts on them. Say them without my name to have them on the canvas.',
      by: to,
    };
  }
  if (others.length > 0) {
    const numbers = meant.map(({ number }) => number).join(' and ');
    return {
      ok: true,
      text: `Tasks ${numbers} are of this idea, and I cannot tell which you mean. Say it in the thread of the task.`,
      by: to,
    };
  }
  const answer = await steerTask(tools, only, message, text);
  return answer.text === null ? answer : { ...answer, text: `Task ${only.number}: ${answer.text}` };
}

async function openTasks({ unitOfWork }: DeskTools, conversationId: string): Promise<Task[]> {
  const rows = await unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
  const open = rows.filter(({ state }) => !endedStatuses.includes(state as TaskStatus));
  const tasks = await Promise.all(open.map(({ id }) => loadTask(unitOfWork, id)));
  return tasks.filter((task) => task !== null);
}

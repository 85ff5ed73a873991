import { taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { StepTools } from './step-tools.ts';

/** Notes of older tasks are more often wrong by now than right. */
const MAX_TASKS = 20;

/**
 * What earlier tasks of the project left, newest first. Only what the factory itself recorded as `memory.noted` counts:
 * no file, message or answer can put a note here. Tasks of a conversation that no model may read are left out.
 */
export async function notesOfEarlierTasks(
  { unitOfWork }: Pick<StepTools, 'unitOfWork'>,
  task: Pick<Task, 'taskId' | 'projectId'>,
): Promise<{ title: string; text: string }[]> {
  const { tables, ledger, artifacts } = unitOfWork;
  const switchedOff = new Set((await tables.find('model_switches', { allowed: false })).map(({ id }) => id));
  const ended = await tables.find(
    'story_tasks',
    { projectId: task.projectId, state: ['merged', 'rejected'] },
    { orderBy: '-number', limit: MAX_TASKS },
  );
  const notes: { title: string; text: string }[] = [];
  for (const row of ended) {
    if (row.id === task.taskId || switchedOff.has(`conversation:${row.conversationId}`)) continue;
    const noted = (await ledger.stream(taskStream(row.id))).findLast((event) => isEvent(event, 'memory.noted'));
    const note = noted?.artifact == null ? null : await artifacts.get(noted.artifact);
    if (note !== null) notes.push({ title: `task ${row.number}, ${row.title}`, text: note.content.trim() });
  }
  return notes;
}

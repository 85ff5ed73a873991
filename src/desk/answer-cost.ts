import { stepNames } from '#src/code-factory/task-status.ts';
import type { ModelCallRow } from '#src/ledger/rows.ts';
import { count } from './cards/card-parts.ts';
import { costOf, costWords } from './cards/cost-words.ts';
import type { DeskTools } from './desk-tools.ts';

/** What a task has cost so far: its sum, and a line a step. */
export async function taskCostAnswer({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>, taskId: string): Promise<string> {
  const task = await unitOfWork.tables.get('story_tasks', taskId);
  if (task === null) return 'This task is not here any more.';
  const rows = await unitOfWork.tables.find('model_calls', { taskId }, { orderBy: 'askedAt' });
  const lead = `Task ${task.number} has cost ${costWords(costOf(rows))}.`;
  const order = (step: string): number => (stepNames as readonly string[]).indexOf(step);
  const steps = [...Map.groupBy(rows, ({ step }) => step)].toSorted(([a], [b]) => order(a) - order(b));
  return [lead, ...steps.map(([step, calls]) => `${step}: ${lineOf(calls)}`)].join('\n');
}

/** What a project cost today, and each task of its open sprint until now. */
export async function projectCostAnswer(
  { unitOfWork: { tables }, clock }: Pick<DeskTools, 'unitOfWork' | 'clock'>,
  projectId: string,
): Promise<string> {
  const day = clock.now().toISOString().slice(0, 10);
  const today = costWords(costOf(await tables.find('model_calls', { projectId, day })));
  const lead = `Today (UTC): ${today}.`;
  const sprint = (await tables.find('sprints', { projectId, status: 'open' }, { limit: 1 }))[0];
  const tasks =
    sprint === undefined ? [] : await tables.find('story_tasks', { sprintId: sprint.id }, { orderBy: 'number' });
  if (sprint === undefined || tasks.length === 0) return lead;
  const calls = Map.groupBy(
    await tables.find('model_calls', { taskId: tasks.map(({ id }) => id) }),
    ({ taskId }) => taskId,
  );
  const all = costWords(costOf([...calls.values()].flat()));
  const lines = tasks.flatMap((task) => {
    const mine = calls.get(task.id);
    return mine === undefined ? [] : [`${task.number} · ${task.title}: ${lineOf(mine)}`];
  });
  return [lead, `Sprint ${sprint.number}: ${all}.`, ...lines].join('\n');
}

function lineOf(calls: readonly ModelCallRow[]): string {
  const cost = costOf(calls);
  return `${costWords(cost)} (${count(cost.calls, 'call')})`;
}

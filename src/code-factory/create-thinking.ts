import { createModelCalls } from '#src/model-calls/create-model-calls.ts';
import type { Budgets } from '#src/model-calls/model-calls.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { ModelOffice } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { isFor } from './addressed.ts';
import { refuse, requireFence, taskEvent } from './decide.ts';
import { requireGoing } from './halt-watch.ts';
import { foldTask, taskStream } from './task.ts';
import type { Task } from './task.ts';
import type { Steering, Thinking } from './thinking.ts';

export interface ThinkingDependencies {
  unitOfWork: UnitOfWork;
  clock: Clock;
  office: ModelOffice;
  budgets: Budgets;
  /** The factory's own, by value: no model is told them. */
  secrets?: readonly string[];
}

/** Thinking with the models of the office, under the budgets and the word of the people. */
export function createThinking(dependencies: ThinkingDependencies): Thinking {
  const { unitOfWork, clock, office, budgets, secrets = [] } = dependencies;
  return {
    async open(task, step, persona) {
      // What takes a merged change back is git's work alone.
      if (task.reverts !== null || !(await mayThink(unitOfWork, task))) return null;
      const { model, price } = office.for(persona);
      const guard = async (transaction: Transaction): Promise<void> => {
        await requireStillOurs(transaction, task);
      };
      const { projectId, conversationId, taskId, attempt } = task;
      const runId = task.run?.runId ?? null;
      const occasion = String(task.statusPosition);
      const scope = { projectId, conversationId, taskId, runId, attempt, step, occasion, persona };
      return createModelCalls({ unitOfWork, clock, model, price, budgets, secrets, guard }, scope);
    },
    async openConversation({ projectId, conversationId, occasion }, step, persona) {
      if (!(await mayThink(unitOfWork, { projectId, conversationId }))) return null;
      const { model, price } = office.for(persona);
      const guard = (transaction: Transaction): Promise<void> => requireGoing(transaction);
      const scope = { projectId, conversationId, taskId: null, runId: null, attempt: 1, step, occasion, persona };
      return createModelCalls({ unitOfWork, clock, model, price, budgets, secrets, guard }, scope);
    },
    hear: (task, persona) => hear(dependencies, task, persona),
  };
}

/** Whether people let a model read what is said here. A no for the project or for the conversation is enough. */
export async function mayThink(
  { tables }: Pick<UnitOfWork, 'tables'>,
  { projectId, conversationId }: Pick<Task, 'projectId' | 'conversationId'>,
): Promise<boolean> {
  const id = [`project:${projectId}`, `conversation:${conversationId}`];
  const switches = await tables.find('model_switches', { id });
  return switches.every(({ allowed }) => allowed);
}

/** The task as it stands. Throws FactoryError when it ended, is paused, another pass or a person took it up, or all is halted. */
async function requireStillOurs(transaction: Transaction, task: Task): Promise<Task> {
  await requireGoing(transaction);
  const now = foldTask(await transaction.events(taskStream(task.taskId)));
  if (now === null) refuse('task-ended', 'This task is not here any more.', 'Nothing is left to do on it.');
  requireFence(now, { fence: task.fence });
  return now;
}

async function hear(
  { unitOfWork, clock }: ThinkingDependencies,
  task: Task,
  persona: PersonaName,
): Promise<Steering[]> {
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const now = await requireStillOurs(transaction, task);
      const said = await Promise.all(
        now.steering
          .filter(({ to, heard }) => heard || isFor(persona, to, now))
          .map((one) => withText(unitOfWork, one)),
      );
      const kept = said.filter((one) => one !== null);
      const steeringIds = kept.filter(({ isNew }) => isNew).map(({ steeringId }) => steeringId);
      if (steeringIds.length > 0) {
        const meta = { actor: 'factory', at: clock.now().toISOString(), cause: null };
        const body = { taskId: task.taskId, steeringIds, persona };
        const heard = taskEvent(now, meta, 'steering.heard', body, { agent: persona });
        transaction.append(taskStream(task.taskId), now.position, [heard]);
      }
      return kept;
    }),
  );
}

/** null: it was erased. */
async function withText(
  { artifacts }: Pick<UnitOfWork, 'artifacts'>,
  { steeringId, by, at, artifact, heard }: Task['steering'][number],
): Promise<Steering | null> {
  const kept = await artifacts.get(artifact);
  return kept === null ? null : { steeringId, by, at, text: kept.content, isNew: !heard };
}

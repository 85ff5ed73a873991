import { FactoryError } from '#src/errors.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { callStream } from './call-id.ts';
import type { BudgetScope } from './model-calls.ts';

export interface BudgetRaise {
  /** The task whose card was pressed. */
  taskId: string;
  scope: BudgetScope;
  key: string;
  /** A person. */
  actor: string;
  lane: string;
}

/** A person allows as much again; what waited for it is woken. Throws FactoryError `not-a-person`. */
export async function raiseBudget(
  { unitOfWork, clock, ids }: { unitOfWork: Pick<UnitOfWork, 'transact'>; clock: Clock; ids: Ids },
  { taskId, scope, key, actor, lane }: BudgetRaise,
): Promise<void> {
  if (actor === 'factory' || actor.startsWith('persona:')) {
    throw new FactoryError('not-a-person', 'Only people may allow more than a budget.', { fix: 'Ask a person.' });
  }
  const raiseId = ids.next();
  const stream = callStream(taskId);
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const { length } = await transaction.events(stream);
      transaction.append(stream, length, [
        {
          type: 'budget.raised',
          body: { raiseId, taskId, scope, key },
          ...factBy(actor, clock.now().toISOString()),
          taskId,
        },
      ]);
      transaction.wake(lane, taskId);
      if (scope !== 'day') return;
      for (const row of await transaction.tables.find('story_tasks', { waitingKind: 'budget' })) {
        transaction.wake(lane, row.id);
      }
    }),
  );
}

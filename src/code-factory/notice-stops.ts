import type { EventType } from '#src/ledger/event-types.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Halt } from './halt.ts';

/** What ends a running step at once. */
const ENDS_A_STEP: ReadonlySet<EventType> = new Set(['task.cancelled', 'task.paused', 'task.taken-over']);

export interface StopNotices {
  /**
   * Calls back whenever this process recorded that the task is stopped, paused or taken over (null), or that the whole
   * factory is halted. Returns the unsubscribe.
   */
  onStop(taskId: string, listener: (halt: Halt | null) => void): () => void;
}

/**
 * Watches what this process records, so that a step which runs in the same process ends the moment the word is kept,
 * without waiting for its next look at the row. Words that another process records are found by that look.
 */
export function noticeStops<Store extends Pick<UnitOfWork, 'transact'>>(
  store: Store,
): StopNotices & { unitOfWork: Store } {
  const listeners = new Map<string, Set<(halt: Halt | null) => void>>();
  const transact: UnitOfWork['transact'] = async (work) => {
    const stopped = new Set<string>();
    const halts: Halt[] = [];
    const value = await store.transact((transaction) =>
      work({
        ...transaction,
        append(stream, expectedPosition, events) {
          transaction.append(stream, expectedPosition, events);
          for (const { type, taskId } of events) if (taskId !== null && ENDS_A_STEP.has(type)) stopped.add(taskId);
          // What is only queued has no place in the ledger yet; nobody asks for it here.
          for (const { type, actor, at, artifact } of events)
            if (type === 'factory.halted') halts.push({ seq: 0, by: actor, at, reason: artifact, resumed: null });
        },
      }),
    );
    for (const taskId of stopped) for (const listener of listeners.get(taskId) ?? []) listener(null);
    for (const halt of halts) for (const ofTask of listeners.values()) for (const listener of ofTask) listener(halt);
    return value;
  };
  return {
    unitOfWork: { ...store, transact },
    onStop(taskId, listener) {
      const ofTask = listeners.get(taskId) ?? new Set();
      listeners.set(taskId, ofTask.add(listener));
      return () => {
        ofTask.delete(listener);
        if (ofTask.size === 0) listeners.delete(taskId);
      };
    },
  };
}

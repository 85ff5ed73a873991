/** A reason to look at a task again. It carries no state: Postgres has that. */
export interface Wake {
  taskId: string;
}

/** What a handler made of a wake. `busy`: someone else holds the task just now, so ask again shortly. */
export type WakeOutcome = 'done' | 'busy';

/**
 * Wakes workers. Anything in it may be lost or delivered twice: the outbox refills it and steps are idempotent.
 * One queue has one lane; a wake goes to one worker of that lane.
 */
export interface Queue {
  /** Adding the same `id` twice has no second effect while the first is known. */
  enqueue(id: string, wake: Wake): Promise<void>;
  /**
   * Starts handling. At most `concurrency` at once. A handler that throws is tried again with growing delays;
   * one that answers `busy` is tried again after about half a second.
   */
  work(handler: (wake: Wake) => Promise<WakeOutcome>, options: { concurrency: number }): Promise<QueueWorker>;
  /** Forgets the lane with every job in it, waiting or finished. Stop its workers first. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Waits for handlers that are running, takes nothing new. */
  stop(): Promise<void>;
}

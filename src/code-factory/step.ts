import type { Artifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { DecisionMeta, StepMeta } from './decide.ts';
import type { StepName } from './task-status.ts';
import type { Task } from './task.ts';

/** What a step may know: the task as it stands, its artifacts, and a signal that fires when a person says stop. */
export interface StepContext {
  task: Task;
  signal: AbortSignal;
  /** Parsed artifact content. Throws FactoryError `artifact-erased` when it is gone. */
  artifact(hash: string): Promise<unknown>;
  /** ISO 8601 UTC. */
  startedAt: string;
}

/**
 * What a step made: artifacts to keep, and how to turn it into events once it is certain that it still counts. A step
 * may run twice (a crash, a lost answer), so it first looks whether its outside effect is already there.
 */
export interface StepReport {
  artifacts: readonly Artifact[];
  decide(task: Task, step: StepMeta, meta: DecisionMeta): EventDraft[];
}

/** One step of the line. Throwing a FactoryError that is not retryable blocks the task with its message. */
export type Step = (context: StepContext) => Promise<StepReport>;

/** Looks after a task that is in review: whether somebody changed on the forge what a person is asked about. null: nobody. */
export type LookAtReview = (context: StepContext) => Promise<StepReport | null>;

export type Steps = Readonly<Record<StepName, Step>>;

import type { PersonaName } from '#src/ports/personas.ts';
import type { ModelAnswer, ModelRequest } from '#src/ports/model.ts';
import type { Transaction } from '#src/ports/unit-of-work.ts';

/**
 * The calls of one step, in order. Each is paid for before it is made and recorded before it is used; a step that runs
 * again after a crash gets the recorded answers, and pays for none of them twice.
 */
export interface ModelCalls {
  /** The model's name at its endpoint. */
  readonly model: string;
  readonly windowTokens: number;
  /** What the endpoint lacks and what is done instead, as found out so far. */
  shortcomings(): readonly string[];
  /**
   * The call that comes next. `toolMs`: time spent on tools since the one before. `beside`: what is recorded with the
   * question, in one transaction; not called where a recorded answer is used. Throws FactoryError: those of the `Model`
   * port, and `BudgetReached`. Nothing is asked once the task was stopped, paused or taken up by another pass.
   */
  ask(
    request: ModelRequest,
    options: { toolMs: number; signal: AbortSignal; beside?: (transaction: Transaction) => Promise<void> },
  ): Promise<ModelAnswer>;
  /**
   * What was recorded for the call that comes next, by an earlier go at this same step; null: it was never answered.
   * The loop reads tool results from the request after it instead of running read-only tools again.
   */
  recorded(): Promise<{ request: ModelRequest; answer: ModelAnswer } | null>;
}

/** Whose calls they are. Calls of another scope never mix with them. */
export interface CallScope {
  projectId: string;
  conversationId: string;
  /** null: no task, as when a canvas is refined. */
  taskId: string | null;
  runId: string | null;
  /** 1 where there are no attempts. */
  attempt: number;
  step: string;
  /**
   * What made the step due: where the task's stream stood, or the hash of what is read. A step that is due once more (a
   * person asked for changes) is another occasion, and gets no answer of an earlier one.
   */
  occasion: string;
  persona: PersonaName;
}

export type BudgetScope = 'step' | 'task' | 'day';

/** null: no limit. Minutes count time spent on calls and tools, not time spent waiting for people. */
export interface Caps {
  tokens: number | null;
  usd: number | null;
  minutes: number | null;
  toolCalls: number | null;
}

export type Budgets = Readonly<Record<BudgetScope, Caps>>;

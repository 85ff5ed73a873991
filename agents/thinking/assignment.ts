import type * as z from 'zod';
import type { Steering } from '#src/code-factory/thinking.ts';
import type { ModelCalls } from '#src/model-calls/model-calls.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Persona } from '../personas.ts';
import type { ModelNotes } from './model-notes.ts';
import type { ModelTool } from './tool.ts';

/** What a persona is to think about, with which tools, and the shape that its answer must have. */
export interface Assignment<T> {
  persona: Pick<Persona, 'name' | 'tools'>;
  /** What the persona is here for. The house rules are put after it. */
  instructions: string;
  /** The context to work from; text from outside is already wrapped in it. */
  material: string;
  answer: AnswerShape<T>;
  /** Of these the persona gets those that it may use. */
  tools: readonly ModelTool[];
  /** Default: 8,192. Never more than a quarter of the model's window. */
  maxAnswerTokens?: number;
  /** Default: 60. */
  maxCalls?: number;
}

export interface AnswerShape<T> {
  /** Letters, digits, `_` and `-`: endpoints want it so. */
  name: string;
  /** No optional fields, because strict endpoints refuse them: nullable ones instead. */
  schema: z.ZodType<T>;
  /** What is wrong with an answer of the right shape, in sentences that the model can act on. Empty: it is good. */
  problems(value: T): readonly string[] | Promise<readonly string[]>;
}

export interface ThinkDependencies {
  calls: ModelCalls;
  /** All that people said in the thread so far, oldest first. */
  hear(): Promise<readonly Steering[]>;
  signal: AbortSignal;
  clock: Clock;
  /** Takes what people should know of the model's part. Without it nobody is told. */
  notes?: ModelNotes;
}

/** What happened on the way. What an earlier go recorded counts too. */
export interface ThinkFacts {
  calls: number;
  toolCalls: number;
  repairs: number;
  /** Ids of the steering that the model had before it. */
  heard: readonly string[];
}

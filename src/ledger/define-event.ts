import type * as z from 'zod';
import type { RowChange } from './rows.ts';

/** What stands for text whose artifact was erased (`forget`): the chain stays whole, the words are gone. */
export const ERASED = 'erased';

/** What a projection may look at: the event, and the artifact that the event names. Nothing else, so that replay can do the same. */
export interface ProjectedEvent<Body> {
  body: Body;
  actor: string;
  taskId: string | null;
  runId: string | null;
  at: string;
  /** Hash of the named artifact. */
  artifact: string | null;
  /** Its parsed content, or `undefined` when it names none or the content was erased. */
  content: unknown;
}

export interface EventDefinition<Schema extends z.ZodType> {
  /** Raised when the body's shape changes; `upcast.ts` then turns old bodies into new ones. */
  version: number;
  body: Schema;
  /** The rows that this fact changes. */
  rows: (event: ProjectedEvent<z.infer<Schema>>) => RowChange[];
}

/** Ties a body's schema to its projection, so that both have one type. */
export function defineEvent<Schema extends z.ZodType>(definition: EventDefinition<Schema>): EventDefinition<Schema> {
  return definition;
}

import * as z from 'zod';
import { ollan } from '#agents/ollan/persona.ts';
import type { AnswerShape, Assignment, ThinkDependencies } from '#agents/thinking/assignment.ts';
import { defineTool } from '#agents/thinking/tool.ts';
import type { ModelTool } from '#agents/thinking/tool.ts';
import type { Steering } from '#src/code-factory/thinking.ts';
import type { ModelCalls } from '#src/model-calls/model-calls.ts';

export const Done = z.strictObject({ summary: z.string(), files: z.array(z.string()) });
export type Done = z.infer<typeof Done>;

export const done: Done = { summary: 'It is done.', files: [] };

const anyDone: AnswerShape<Done> = { name: 'done', schema: Done, problems: () => [] };

/** Ollan's assignment, with these parts changed. */
export function assignment(more: Partial<Assignment<Done>> = {}): Assignment<Done> {
  return {
    persona: ollan,
    instructions: 'You are Ollan. Write the code.',
    material: 'Add a greeting.',
    answer: anyDone,
    tools: [],
    ...more,
  };
}

/** A clock that stands still; nobody says anything. */
export function dependencies(calls: ModelCalls, more: Partial<ThinkDependencies> = {}): ThinkDependencies {
  return {
    calls,
    hear: async () => [],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0) },
    ...more,
  };
}

export function steering(steeringId: string, text: string, isNew = true): Steering {
  return { steeringId, by: 'Ada', at: '2026-11-21T10:00:00.000Z', text, isNew };
}

/** A tool by one of the real names that takes a path and answers as it is told. */
export function fakeTool(
  name: string,
  run: (path: string, signal: AbortSignal) => string | Promise<string>,
  mutates = false,
): ModelTool {
  return defineTool({
    name,
    description: `${name} of a test`,
    arguments: z.strictObject({ path: z.string() }),
    mutates,
    run: async ({ path }, signal) => run(path, signal),
  });
}

import * as z from 'zod';

/** Something that a model may ask the host to do. It does its work in a sandbox, never on the host. */
export interface ModelTool {
  readonly name: string;
  /** For the model: what it does and what comes back. */
  readonly description: string;
  readonly arguments: z.ZodType;
  /** It changes the worktree. Such a call is done again when a step is taken up after a crash. */
  readonly mutates: boolean;
  /**
   * `args` are checked against `arguments` once more. Resolves to the result as text, bounded. A FactoryError is told
   * to the model as what went wrong: nothing was changed then.
   */
  run(args: unknown, signal: AbortSignal): Promise<string>;
}

/** Ties the type of the arguments to what runs with them. */
export function defineTool<A>(definition: {
  name: string;
  description: string;
  arguments: z.ZodType<A>;
  mutates: boolean;
  run(args: A, signal: AbortSignal): Promise<string>;
}): ModelTool {
  return {
    name: definition.name,
    description: definition.description,
    arguments: definition.arguments,
    mutates: definition.mutates,
    run: async (args, signal) => definition.run(definition.arguments.parse(args), signal),
  };
}

const WithPath = z.object({ path: z.string() });

/** The path in the arguments of a tool that takes one, as the model wrote it. */
export function pathOf(args: unknown): string {
  return WithPath.parse(args).path;
}

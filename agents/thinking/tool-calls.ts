import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import type { JsonSchema, ToolCall, ToolOffer } from '#src/ports/model.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { CircleWatch } from './circle-watch.ts';
import type { ModelNotes } from './model-notes.ts';
import { schemaProblems } from './read-answer.ts';
import type { ModelTool } from './tool.ts';
import { untilAborted } from './until-aborted.ts';

/** Above what any tool gives by itself; a bound for tools to come. */
const MAX_RESULT_CHARACTERS = 16_000;
/** More in one answer is a model that does not read what comes back. */
const MAX_CALLS_AN_ANSWER = 20;
const MAX_NAME_CHARACTERS = 80;

export interface ToolDesk {
  tools: ReadonlyMap<string, ModelTool>;
  watch: CircleWatch;
  notes: ModelNotes;
  signal: AbortSignal;
}

/** What an endpoint is told of the tools. */
export function offersOf(tools: readonly ModelTool[]): ToolOffer[] {
  return tools.map(({ name, description, arguments: schema }) => {
    return { name, description, parameters: jsonSchemaOf(schema) };
  });
}

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

/**
 * Answers one tool call, whatever is wrong with it. `recorded`: the result that an earlier go at the step recorded; a
 * tool that changes the tree is run again all the same, for its effect. Throws only what ends the whole assignment:
 * the signal's reason, and FactoryError `going-in-circles`.
 */
export async function answerToolCall(
  call: ToolCall,
  { index, recorded }: { index: number; recorded: string | null },
  desk: ToolDesk,
): Promise<string> {
  desk.signal.throwIfAborted();
  const tool = desk.tools.get(call.name);
  if (index >= MAX_CALLS_AN_ANSWER) {
    return recorded ?? `Not done: one answer may ask for ${MAX_CALLS_AN_ANSWER} tools at most. Ask again for this one.`;
  }
  const note = desk.watch.see(call.name, call.arguments);
  if (tool === undefined) {
    const name = cleanLine(call.name, MAX_NAME_CHARACTERS);
    desk.notes.refusedTool(name);
    return recorded ?? withNote(`You may not use ${JSON.stringify(name)}. ${toolList([...desk.tools.keys()])}`, note);
  }
  const args = readArguments(call, tool);
  if (!args.ok) return recorded ?? withNote(args.message, note);
  if (recorded !== null && !tool.mutates) return recorded;
  const result = await run(tool, args.value, desk.signal);
  if (result.ok && tool.mutates) desk.watch.changed(call.name, call.arguments);
  if (recorded !== null) return recorded;
  const origin = `what ${tool.name} answered`;
  desk.notes.gaveText(fileIn(args.value) ?? `What ${tool.name} answered`, result.text);
  const text = wrapOutsideText({ origin, text: result.text, maxCharacters: MAX_RESULT_CHARACTERS, form: 'file' });
  return withNote(text, note);
}

/** The file that a call is about; null: none. */
function fileIn(args: unknown): string | null {
  const { data } = z.looseObject({ path: z.string().regex(/[^/]$/) }).safeParse(args);
  return data?.path ?? null;
}

function readArguments(call: ToolCall, tool: ModelTool): { ok: true; value: unknown } | { ok: false; message: string } {
  let value: unknown;
  try {
    value = JSON.parse(call.arguments);
  } catch (error) {
    const why = error instanceof Error ? cleanLine(error.message, 200) : '';
    return { ok: false, message: `Not done: the arguments of ${tool.name} are not valid JSON (${why}).` };
  }
  const parsed = tool.arguments.safeParse(value);
  if (parsed.success) return { ok: true, value };
  const problems = schemaProblems(parsed.error).map((problem) => cleanLine(problem, 300));
  return {
    ok: false,
    message: `Not done: the arguments of ${tool.name} do not fit. ${problems.slice(0, 8).join('; ')}`,
  };
}

async function run(tool: ModelTool, args: unknown, signal: AbortSignal): Promise<{ ok: boolean; text: string }> {
  try {
    const text = await untilAborted(tool.run(args, signal), signal);
    return { ok: true, text };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FactoryError) return { ok: false, text: `Not done: ${error.message} ${error.fix}` };
    return { ok: false, text: `${tool.name} failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function toolList(names: readonly string[]): string {
  return names.length === 0 ? 'You have no tools.' : `You have ${names.join(', ')}.`;
}

function withNote(text: string, note: string | null): string {
  return note === null ? text : `${text}\n${note}`;
}

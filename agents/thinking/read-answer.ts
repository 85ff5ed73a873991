import type * as z from 'zod';
import type { AnswerShape } from './assignment.ts';

const MAX_PROBLEMS = 12;
const MAX_PROBLEM_CHARACTERS = 300;

export type ReadAnswer<T> = { ok: true; value: T } | { ok: false; problems: readonly string[] };

/** Reads the one JSON object of an answer, in a fence or amid prose too, and judges it by its shape and its rules. */
export async function readAnswer<T>(text: string | null, shape: AnswerShape<T>): Promise<ReadAnswer<T>> {
  if (text === null || text.trim() === '') return bad(['The answer is empty.']);
  const found = findObject(text);
  if (found.length === 0) return bad(['There is no JSON object in the answer, or it is cut off.']);
  const [object] = found;
  if (found.length > 1) return bad(['There is more than one JSON object in the answer.']);
  const parsed = shape.schema.safeParse(object);
  if (!parsed.success) return bad(schemaProblems(parsed.error));
  const problems = await shape.problems(parsed.data);
  return problems.length === 0 ? { ok: true, value: parsed.data } : bad(problems);
}

/** What does not fit a schema, each with where it stands. */
export function schemaProblems(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.length === 0 ? 'The whole' : path.join('.')}: ${message}`);
}

function bad<T>(problems: readonly string[]): ReadAnswer<T> {
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.slice(0, MAX_PROBLEM_CHARACTERS));
  const left = problems.length - shown.length;
  return { ok: false, problems: left > 0 ? [...shown, `And ${left} more.`] : shown };
}

/** All outermost `{…}` of a text that are JSON; braces of prose are passed over. */
function findObject(text: string): unknown[] {
  const whole = parse(text.trim());
  if (whole !== undefined) return isObject(whole) ? [whole] : [];
  const found: unknown[] = [];
  let at = text.indexOf('{');
  // Each try is linear; a text with thousands of unmatched braces is no answer.
  for (let tries = 0; at !== -1 && tries < 50; tries += 1) {
    const end = closingBrace(text, at);
    const value = end === -1 ? undefined : parse(text.slice(at, end + 1));
    if (isObject(value)) found.push(value);
    at = text.indexOf('{', value === undefined ? at + 1 : end + 1);
  }
  return found;
}

/** Where the brace at `start` closes, those inside strings aside; -1: nowhere. */
function closingBrace(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

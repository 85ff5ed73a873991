import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';
import { FactoryError } from '#src/errors.ts';

/** Reads a command's own words. Throws FactoryError `usage` with the line that would have worked. */
export function parseWords<O extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  usage: string,
  options: O,
  positionals: { min: number; max: number },
) {
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    if (parsed.positionals.length < positionals.min) throw new TypeError('something is missing');
    if (parsed.positionals.length > positionals.max)
      throw new TypeError(`"${parsed.positionals[positionals.max]}" is one word too many`);
    return parsed;
  } catch (error) {
    throw notUnderstood(firstSentence(error), usage);
  }
}

/** For words that no command could follow. `what`: half a sentence. */
export function notUnderstood(what: string, usage: string): FactoryError {
  return new FactoryError('usage', `That was not understood: ${what}.`, { fix: `Use: workbench ${usage}` });
}

/** Node adds advice for programmers; the usage line says it better. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\.\s/, 1)[0]?.replace(/\.$/, '') ?? message;
}

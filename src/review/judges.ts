import * as z from 'zod';
import type { DiffFacts } from '#src/ports/workspace.ts';

const MAX_NOTES = 6;
const MAX_COMMAND_CHARACTERS = 120;

const PackageJson = z.object({ scripts: z.record(z.string(), z.unknown()) });

/** What stood and stands in the files that say how a change is checked; null: no such file. */
export interface Judges {
  packageJson: { before: string | null; after: string | null };
  /** The commands of the checks, and what else of the base says what they run. */
  commands: readonly string[];
}

/**
 * What a change does to what judges it: other commands behind the checks, and other contents of files that they run.
 * Checks that pass after such a change may have passed because of it.
 */
export function noteJudges({ packageJson, commands }: Judges, facts: DiffFacts): string[] {
  const before = scriptsOf(packageJson.before);
  const after = scriptsOf(packageJson.after);
  const changed = [...before].filter(([name, command]) => after.get(name) !== command);
  // npm runs these around a script by themselves.
  const hooks = [...after].filter(([name]) => !before.has(name) && before.has(name.replace(/^(?:pre|post)/, '')));
  const run = new Set([...commands, ...before.values()].flatMap(wordsOf));
  const notes = [
    ...changed.map(([name, command]) => {
      const now = after.get(name);
      const said = `package.json: the script "${name}" was \`${shown(command)}\``;
      return now === undefined ? `${said} and is gone.` : `${said} and is \`${shown(now)}\` now.`;
    }),
    ...hooks.map(([name, command]) => `package.json: the new script "${name}" runs \`${shown(command)}\` by itself.`),
    ...facts.files
      .filter(({ path, status }) => status !== 'added' && run.has(path))
      .map(
        ({ path, status }) => `${path}: the checks run it, and it is ${status === 'deleted' ? 'deleted' : 'changed'}.`,
      ),
  ];
  const left = notes.length - MAX_NOTES;
  return left <= 0 ? notes : [...notes.slice(0, MAX_NOTES), `And ${left} more changes of what the checks run.`];
}

function scriptsOf(text: string | null): Map<string, string> {
  let value: unknown = null;
  try {
    value = JSON.parse((text ?? 'null').replace(/^\uFEFF/, ''));
  } catch {
    // What is no JSON has no scripts, which is a change where there were some.
  }
  const parsed = PackageJson.safeParse(value);
  const scripts = parsed.success ? Object.entries(parsed.data.scripts) : [];
  return new Map(scripts.flatMap(([name, command]) => (typeof command === 'string' ? [[name, command]] : [])));
}

/** The words of a command that could be paths of the repository. */
function wordsOf(command: string): string[] {
  return command
    .split(/[\s"'`=;&|()<>,:]+/)
    .map((word) => word.replace(/^(?:\.\/)+/, ''))
    .filter((word) => word !== '');
}

function shown(command: string): string {
  const line = command.replaceAll('`', "'");
  return line.length <= MAX_COMMAND_CHARACTERS ? line : `${line.slice(0, MAX_COMMAND_CHARACTERS)}…`;
}

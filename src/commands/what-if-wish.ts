import type { Wish } from '#src/reflection/what-if/change.ts';
import { notUnderstood } from './parse.ts';
import { readPromptFile } from './prompt-file.ts';

/** Options of `replay` that change one thing. */
export const whatIfOptions = {
  with: { type: 'string' },
  without: { type: 'string' },
  prompt: { type: 'string' },
  persona: { type: 'string' },
  model: { type: 'string' },
} as const;

type Given = { [Name in keyof typeof whatIfOptions]?: string | undefined };

/** What is to be other; null: nothing, the run is told as it was. Throws FactoryError `usage`, and for the file. */
export async function readWish(given: Given, cwd: string, usage: string): Promise<Wish | null> {
  const asked = (['with', 'without', 'prompt', 'model'] as const).filter((name) => given[name] !== undefined);
  const [kind] = asked;
  if (asked.length > 1) throw notUnderstood(`${asked.map((name) => `--${name}`).join(' and ')} are two changes`, usage);
  if (given.persona !== undefined && kind !== 'prompt') {
    throw notUnderstood('--persona says whose instructions --prompt is', usage);
  }
  if (kind === undefined) return null;
  const value = given[kind] ?? '';
  switch (kind) {
    case 'with':
    case 'without':
      return { kind, lesson: lessonIn(value, usage) };
    case 'prompt':
      return { kind, whose: given.persona ?? null, instructions: await readPromptFile(cwd, value) };
    case 'model':
      return { kind, name: value };
  }
}

function lessonIn(value: string, usage: string): string {
  const [, lesson] = /^lesson:([\w-]{1,64})$/.exec(value) ?? [];
  if (lesson === undefined) throw notUnderstood(`“${value}” names no lesson, as lesson:3 would`, usage);
  return lesson;
}

import * as z from 'zod';
import type { FactoryError } from '#src/errors.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { requireNoHidden } from './hidden-marks.ts';
import { editablePath } from './may-edit.ts';
import type { MayEdit } from './may-edit.ts';
import { nearestLines } from './nearest-lines.ts';
import { refused } from './refused.ts';
import { readTextFile, writeTextFile } from './repo-file.ts';

const MAX_TEXT_CHARACTERS = 200_000;
const MAX_PLACES = 10;

/** Replaces one piece of text that occurs exactly once. */
export function editFile(worktree: Worktree, mayEdit: MayEdit): ModelTool {
  return defineTool({
    name: 'edit_file',
    description:
      'Replaces "old" with "new" in a file. "old" must occur exactly once, letter for letter and without line numbers: take enough lines around it. Use write_file for a new file.',
    arguments: z.strictObject({
      path: z.string(),
      old: z.string().min(1).max(MAX_TEXT_CHARACTERS),
      new: z.string().max(MAX_TEXT_CHARACTERS),
    }),
    mutates: true,
    run: async ({ path, old, new: replacement }) => {
      const file = editablePath(path, mayEdit);
      const { text, isCrlf } = await readTextFile(worktree, file);
      const wanted = isCrlf ? toCrlf(old) : old;
      const put = isCrlf ? toCrlf(replacement) : replacement;
      if (wanted === put) throw refused('"old" and "new" are the same.', 'Say what it should become.');
      requireNoHidden(put, text);
      const places = occurrences(text, wanted);
      const [at] = places;
      if (at === undefined) throw notFound(file, text, old);
      if (places.length > 1) throw notOnce(file, text, places);
      await writeTextFile(worktree, file, text.slice(0, at) + put + text.slice(at + wanted.length));
      return `Edited ${file} at line ${lineAt(text, at)}: ${countLines(old)} replaced with ${countLines(replacement)}.`;
    },
  });
}

function toCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}

function occurrences(text: string, wanted: string): number[] {
  const places: number[] = [];
  // Overlapping ones count too: either could be meant. Looking for all of them could take minutes.
  for (let at = text.indexOf(wanted); at !== -1 && places.length <= MAX_PLACES; at = text.indexOf(wanted, at + 1))
    places.push(at);
  return places;
}

function notFound(file: string, text: string, old: string): FactoryError {
  const near = nearestLines(text, old);
  return refused(
    `"old" does not occur in ${file}; nothing was changed. ${near}`,
    'Read the lines again and copy them exactly.',
  );
}

function notOnce(file: string, text: string, places: readonly number[]): FactoryError {
  const lines = places.slice(0, MAX_PLACES).map((at) => lineAt(text, at));
  const isMore = places.length > MAX_PLACES;
  const times = isMore ? `more than ${MAX_PLACES} times` : `${places.length} times`;
  return refused(
    `"old" occurs ${times} in ${file} (at lines ${lines.join(', ')}${isMore ? ' and more' : ''}); nothing was changed.`,
    'Take more of the lines around the place that you mean.',
  );
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) line += 1;
  return line;
}

function countLines(text: string): string {
  const count = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
  return count === 1 ? '1 line' : `${count} lines`;
}

import * as z from 'zod';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { filePath } from './repo-path.ts';
import { readTextFile } from './repo-file.ts';

const MAX_LINE_CHARACTERS = 2_000;
/** One call brings no more: some 300 lines of code. */
const MAX_READ_CHARACTERS = 12_000;

/** A range of lines of one file, numbered. */
export function readFile(worktree: Worktree): ModelTool {
  return defineTool({
    name: 'read_file',
    description:
      'Shows lines of a file with their numbers. "from" and "to" count from 1 and are included; null means the start or the end.',
    arguments: z.strictObject({
      path: z.string(),
      from: z.int().min(1).nullable(),
      to: z.int().min(1).nullable(),
    }),
    mutates: false,
    run: async ({ path, from, to }) => {
      const file = filePath(path);
      const { text, isCrlf } = await readTextFile(worktree, file);
      if (text === '') return `${file} is empty.`;
      const lines = text.split(/\r?\n/);
      if (lines.at(-1) === '') lines.pop();
      const first = from ?? 1;
      const last = Math.min(to ?? lines.length, lines.length);
      if (first > last)
        return `${file} has ${lines.length} lines; there is nothing from ${first} to ${to ?? 'the end'}.`;
      const { shown, end } = number(lines, first, last);
      const notes = [
        ...(isCrlf ? ['its lines end in CRLF, which edits keep'] : []),
        ...(end < last ? [`lines ${end + 1} to ${last} are left out; read on from ${end + 1}`] : []),
      ];
      const head = `${file}, lines ${first} to ${end} of ${lines.length}${notes.map((note) => `; ${note}`).join('')}`;
      return `${head}\n${shown.join('\n')}`;
    },
  });
}

/** As many lines as fit, at least one. */
function number(lines: readonly string[], first: number, last: number) {
  const width = String(last).length;
  const shown: string[] = [];
  let used = 0;
  let end = first - 1;
  for (let at = first; at <= last; at += 1) {
    const line = lines[at - 1] ?? '';
    const cut = line.length - MAX_LINE_CHARACTERS;
    const text = cut > 0 ? `${line.slice(0, MAX_LINE_CHARACTERS)}… (${cut} more characters)` : line;
    const entry = `${String(at).padStart(width)}\t${text}`;
    used += entry.length + 1;
    if (used > MAX_READ_CHARACTERS && shown.length > 0) break;
    shown.push(entry);
    end = at;
  }
  return { shown, end };
}

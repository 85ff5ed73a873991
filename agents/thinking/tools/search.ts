import * as z from 'zod';
import type { FactoryError } from '#src/errors.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { refused } from './refused.ts';
import { repoPath } from './repo-path.ts';
import { gitHead, pathspec } from './sandbox-git.ts';

const MAX_MATCHES = 100;
const MAX_LINE_CHARACTERS = 240;
const MAX_PATTERN_CHARACTERS = 500;
const MAX_FOUND_BYTES = 512 * 1024;

/** Searches the tree as it stands with `git grep`, binary and ignored files left out. */
export function search(worktree: Worktree): ModelTool {
  return defineTool({
    name: 'search',
    description: `Searches the text of files and shows at most ${MAX_MATCHES} lines as path:line: text. "regex": false looks for the exact text. "path" limits it to a folder or pattern; "" searches everything.`,
    arguments: z.strictObject({
      pattern: z.string().min(1).max(MAX_PATTERN_CHARACTERS),
      regex: z.boolean(),
      path: z.string(),
    }),
    mutates: false,
    run: async ({ pattern, regex, path }, signal) => {
      if (/[\n\r\0]/.test(pattern))
        throw unsearchable('The pattern spans lines, and a search looks at one line at a time.');
      const find = (kind: string) =>
        gitHead(
          worktree,
          ['grep', '-nIz', '--no-color', '--untracked', kind, '-e', pattern, '--', ...pathspec(repoPath(path))],
          MAX_FOUND_BYTES,
          signal,
        );
      let result = await find(regex ? '-P' : '-F');
      // A git that was built without PCRE still knows extended expressions.
      if (/perl-compatible/i.test(result.stderr)) result = await find('-E');
      if (result.endedBy !== null) throw unsearchable('The search took too long. The pattern may never end.');
      if (result.stdout === '' && result.stderr.trim() !== '') {
        throw unsearchable(`Git could not search: ${result.stderr.trim().slice(0, 300)}`);
      }
      return (
        show(result.stdout) ??
        `Nothing matches ${JSON.stringify(pattern)} in ${path === '' ? 'the repository' : JSON.stringify(path)}.`
      );
    },
  });
}

/** Git prints `path NUL line NUL text`. What was cut off at the end has no line end and is dropped. */
function show(stdout: string): string | null {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  const matches = whole.split('\n').flatMap((entry) => {
    const [file, line, text] = entry.split('\0');
    return file === undefined || line === undefined || text === undefined ? [] : [`${file}:${line}: ${shorten(text)}`];
  });
  if (matches.length === 0) return stdout === '' ? null : 'It matches only in lines that are too long to show.';
  const isCut = matches.length > MAX_MATCHES || whole.length < stdout.length;
  const note = isCut ? ['(There are more matches; narrow the pattern or the path.)'] : [];
  return [...matches.slice(0, MAX_MATCHES), ...note].join('\n');
}

function shorten(text: string): string {
  const line = text.replace(/\r$/, '');
  return line.length <= MAX_LINE_CHARACTERS
    ? line
    : `${line.slice(0, MAX_LINE_CHARACTERS)}… (${line.length - MAX_LINE_CHARACTERS} more characters)`;
}

function unsearchable(message: string): FactoryError {
  return refused(message, 'Search for a simpler pattern, or for exact text.');
}

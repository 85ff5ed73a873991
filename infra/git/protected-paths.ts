import { foldCase } from './hostile-names.ts';

/**
 * Tells which of the patterns protects a path, or null. Patterns are as in `.gitignore`, minus negation: `*` and `?`
 * stay inside a folder, `**` crosses folders, a pattern that names a folder protects all below it, a pattern without
 * a slash means that name anywhere. Letter case is ignored, because some file systems ignore it.
 */
export function createPathGuard(patterns: readonly string[]): (path: string) => string | null {
  const guards = patterns.map((pattern) => ({ pattern, form: formOf(pattern) }));
  return (path) => guards.find(({ form }) => form.test(foldCase(path)))?.pattern ?? null;
}

function formOf(pattern: string): RegExp {
  const folded = foldCase(pattern.trim());
  const anywhere = !folded.replace(/\/+$/, '').includes('/');
  const bare = folded.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const body = bare.replace(/\*\*\/|\*\*|[*?]|[^*?]+/g, (piece) => {
    if (piece === '**/') return '(?:.*/)?';
    if (piece === '**') return '.*';
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${body}(?:/.*)?$`, 'su');
}

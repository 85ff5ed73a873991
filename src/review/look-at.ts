import type { DiffFacts } from '#src/ports/workspace.ts';

const SENSITIVE: readonly { pattern: RegExp; what: string }[] = [
  {
    pattern: /(^|\/)package\.json$|(^|\/)(pyproject\.toml|requirements[^/]*\.txt|go\.mod|Gemfile|Cargo\.toml)$/,
    what: 'names dependencies or scripts',
  },
  { pattern: /(^|\/)(package-lock\.json|pnpm-lock\.yaml|yarn\.lock|poetry\.lock|go\.sum)$/, what: 'pins dependencies' },
  {
    pattern: /(^|\/)(auth|login|session|password|token|crypt|payment|billing)[^/]*/i,
    what: 'sounds like sign-in, secrets or money',
  },
  { pattern: /\.(sql)$|(^|\/)migrations?\//, what: 'changes a database' },
  { pattern: /\.(sh|bash|ps1)$|(^|\/)(Dockerfile|Makefile)$/, what: 'runs commands' },
];

/** Lines over which a file is worth a look for its size alone. */
const LARGE_CHANGE_LINES = 200;

/** What a reviewer should look at first, from the diff's own facts; most telling first. */
export function lookAt(facts: DiffFacts, isTest: (path: string) => boolean): string[] {
  const notes: string[] = [];
  for (const file of facts.files) {
    if (isTest(file.path) && (file.status === 'deleted' || file.removed > file.added)) {
      notes.push(`${file.path}: a test ${file.status === 'deleted' ? 'is deleted' : 'loses lines'}.`);
    }
    if (file.binary) notes.push(`${file.path}: a binary file; the diff cannot show it.`);
    else if (file.status === 'deleted' && !isTest(file.path)) notes.push(`${file.path}: deleted.`);
    const sensitive = SENSITIVE.find(({ pattern }) => pattern.test(file.path));
    if (sensitive !== undefined) notes.push(`${file.path}: ${sensitive.what}.`);
    if (file.added + file.removed > LARGE_CHANGE_LINES)
      notes.push(`${file.path}: ${file.added + file.removed} lines change.`);
  }
  if (notes.length > 0) return notes;
  const largest = facts.files
    .toSorted((a, b) => b.added + b.removed - (a.added + a.removed))
    .find((file) => !isTest(file.path));
  return largest === undefined ? [] : [`${largest.path}: the largest change.`];
}

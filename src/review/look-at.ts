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
  {
    pattern: /\.(sh|bash|ps1|mk)$|(^|\/)(Dockerfile|(GNU)?makefile|justfile|taskfile\.ya?ml|Rakefile)$/i,
    what: 'runs commands',
  },
  {
    pattern:
      /(^|\/)((vitest|vite|jest|karma|playwright|cypress|ava|babel|tap|mocha|web-test-runner)\.(config|workspace|setup|preset|conf)\b[^/]*|\.(mocha|babel|swc|c8|nyc|tap|jest|coverage)rc[^/]*|\.?pytest\.ini|tox\.ini|noxfile\.py|setup\.(cfg|py)|conftest\.py|bunfig\.toml|deno\.jsonc?|[tj]sconfig[^/]*\.json|phpunit\.xml[^/]*|\.rspec|build\.(gradle(\.kts)?|rs)|pom\.xml|\.env[^/]*)$|\.setup\.[cm]?[jt]sx?$|(^|\/)(setup-?tests?|test-?setup|global-?setup)\.[cm]?[jt]sx?$/i,
    what: 'decides how tests are run',
  },
  {
    pattern:
      /(^|\/)(node_modules|vendor|site-packages)\/|(^|\/)(_?pytest|unittest)(\.py$|\/)|(^|\/)(sitecustomize|usercustomize)\.py$|\.pth$/,
    what: 'can take the place of a package that the checks use',
  },
];

/** What tests compare with: a change of it changes what they ask for. */
const EXPECTED = /(^|\/)(__snapshots__|testdata|golden|fixtures|__fixtures__)\/|\.(snap|golden|approved\.[^/]+)$/;

/** Lines over which a file is worth a look for its size alone. */
const LARGE_CHANGE_LINES = 200;

/** Tests that this change touches and that it is judged by, one note each. `touched`: from the build. */
export function noteTouchedTests(facts: DiffFacts, touched: readonly string[]): string[] {
  return touched.map((path) => {
    const status = facts.files.find((file) => file.path === path)?.status ?? null;
    if (status === 'deleted') return `${path}: an existing test is deleted.`;
    if (status === 'added') return `${path}: a locked test was written to; see whether it says what was locked.`;
    return status === null
      ? `${path}: a locked test is not on the branch as it was locked.`
      : `${path}: an existing test is changed.`;
  });
}

/**
 * What a reviewer should look at first, from the diff's own facts; most telling first. `touched`: tests that
 * `noteTouchedTests` told of already. `told`: files of which something more exact is said.
 */
export function lookAt(
  facts: DiffFacts,
  isTest: (path: string) => boolean,
  touched: ReadonlySet<string> = new Set(),
  told: ReadonlySet<string> = new Set(),
): string[] {
  const notes: string[] = [];
  for (const file of facts.files) {
    if (isTest(file.path) && file.status === 'deleted') {
      if (!touched.has(file.path)) notes.push(`${file.path}: a test is deleted.`);
    } else if (isTest(file.path) && file.removed > file.added) notes.push(`${file.path}: a test loses lines.`);
    if (file.binary) notes.push(`${file.path}: a binary file; the diff cannot show it.`);
    else if (file.status === 'deleted' && !isTest(file.path)) notes.push(`${file.path}: deleted.`);
    const sensitive = SENSITIVE.find(({ pattern }) => pattern.test(file.path));
    if (sensitive !== undefined && !told.has(file.path)) notes.push(`${file.path}: ${sensitive.what}.`);
    if (EXPECTED.test(file.path) && file.status === 'modified')
      notes.push(`${file.path}: holds what tests expect, and is changed.`);
    if (file.added + file.removed > LARGE_CHANGE_LINES)
      notes.push(`${file.path}: ${file.added + file.removed} lines change.`);
  }
  if (notes.length > 0 || told.size > 0) return notes;
  const largest = facts.files
    .toSorted((a, b) => b.added + b.removed - (a.added + a.removed))
    .find((file) => !isTest(file.path));
  return largest === undefined ? [] : [`${largest.path}: the largest change.`];
}

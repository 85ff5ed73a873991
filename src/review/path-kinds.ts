import { saysDependencies } from './dependencies/dependency-files.ts';
import { powerOf } from './powers.ts';

/** What a file is for, as far as its path says. What no rule knows is `unknown`, and is trusted least. */
export type PathKind =
  | 'words'
  | 'test'
  | 'code'
  | 'dependencies'
  /** Sign-in, rights, secrets, money. */
  | 'access'
  | 'database'
  /** Acts on more than the repository: see `powers.ts`. */
  | 'power'
  | 'unknown';

const ACCESS =
  /(^|[/._-])(?:auth(?!or)\w*|oauth\w*|login|sign-?in|sessions?|passwords?|tokens?|crypt\w*|secrets?|credentials?|permissions?|roles?|acl|payments?|billing|invoices?|checkout)(?=[/._-]|$)/i;
const DATABASE = /\.sql$|(^|\/)(?:migrations?|migrate|schema)(?:\/|\.)|\.prisma$/i;
const TEST = /(^|\/)(?:tests?|__tests__|specs?)\/|[._](?:test|spec)\.|(^|\/)test_[^/]+\.py$|_test\.go$/i;
const WORDS =
  /\.(?:md|mdx|markdown|rst|adoc|txt)$|(^|\/)docs?\/[^/]+\.(?:html|svg|png)$|(^|\/)(?:locales?|i18n)\/[^/]+\.(?:json|ya?ml|po)$/i;
const CODE =
  /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|kts|scala|swift|c|h|cc|cpp|hpp|cs|php|ex|exs|erl|clj|lua|dart|vue|svelte|html|css|scss|less)$/i;

export function kindOfPath(path: string): PathKind {
  // First what must not be taken for something milder: a workflow may be called `docs.md/…`, a migration `test.sql`.
  if (powerOf(path) !== null) return 'power';
  if (saysDependencies(path)) return 'dependencies';
  if (DATABASE.test(path)) return 'database';
  if (TEST.test(path)) return 'test';
  if (WORDS.test(path)) return 'words';
  if (ACCESS.test(path)) return 'access';
  return CODE.test(path) ? 'code' : 'unknown';
}

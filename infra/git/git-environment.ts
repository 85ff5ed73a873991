import { isAbsolute } from 'node:path';
import { hostEnvironment } from '#src/host-environment.ts';

/** Names that a caller may add: who committed and when, a private index, and filters switched off by name. */
const ADDED = /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|INDEX_FILE|CONFIG_COUNT|CONFIG_(?:KEY|VALUE)_\d+)$/;

/**
 * Like `env -i`: nothing of the caller's environment but the absolute folders of PATH. No home and no system file means
 * that no configuration is read but the repository's own, which `hardening.ts` overrides where it could run something.
 */
export function gitEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  for (const name of Object.keys(added)) {
    if (!ADDED.test(name)) throw new Error(`${name} is not passed to git`);
  }
  return {
    PATH: (hostEnvironment().env['PATH'] ?? '/usr/bin:/bin').split(':').filter(isAbsolute).join(':'),
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // Looking must not write: without this, `status` rewrites the person's index.
    GIT_OPTIONAL_LOCKS: '0',
    // A partial clone would otherwise fetch what it lacks, by a program that its own configuration names.
    GIT_NO_LAZY_FETCH: '1',
    ...added,
  };
}

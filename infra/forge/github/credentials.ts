import type { RepositoryName } from './repository-name.ts';

/**
 * The rights that each use of GitHub takes, by GitHub's own names; `metadata` to read comes with every token.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
export const permissionsFor = {
  fetch: { contents: 'read' },
  push: { contents: 'write' },
  issues: { issues: 'write' },
  'pull-requests': { checks: 'read', contents: 'read', pull_requests: 'write', statuses: 'read' },
  checks: { checks: 'read', statuses: 'read' },
  merge: { contents: 'write', pull_requests: 'write' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, 'read' | 'write'>>>>;

/** What a token is for. */
export type Purpose = keyof typeof permissionsFor;

/** Where tokens of GitHub come from. None is kept longer than it is used, and none is said to anybody but GitHub. */
export interface Credentials {
  /** A token for this repository and this purpose. FactoryError `github-…`, or `factory-halted`. */
  tokenFor(repository: RepositoryName, purpose: Purpose): Promise<string>;
  /** GitHub refused this token. True where another may be had by asking again. */
  refused(token: string): boolean;
  /** Login of the bot that an App writes as; null: these are tokens of somebody whom GitHub has to name. */
  botLogin(): Promise<string | null>;
}

/** One token for everything: whatever it was made for is all that it can do. */
export function fixedToken(token: string): Credentials {
  return { tokenFor: async () => token, refused: () => false, botLogin: async () => null };
}

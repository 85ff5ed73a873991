import type { RepositoryServer } from '#infra/git/repository-server.ts';
import { FactoryError } from '#src/errors.ts';
import { isOnGitHub } from './repository-name.ts';

/** Stands in GitHub's place where no token is set: who names a repository there is told what to do. */
export const gitHubNotSetUp: RepositoryServer = {
  names: isOnGitHub,
  inspect: async () => {
    throw notSetUp();
  },
  sideOf: () => {
    throw notSetUp();
  },
};

export function notSetUp(): FactoryError {
  return new FactoryError('github-not-set-up', 'This workbench has no token for GitHub.', {
    fix: 'Set GITHUB_TOKEN, or GITHUB_APP_ID with its key, and start again; the README says how to make them.',
  });
}

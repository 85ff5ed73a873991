import { boundRepositories } from '#bots/github/intake/bound-repositories.ts';
import type { CheckView } from '../desk/desk.ts';
import type { Clock } from '../ports/clock.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { GitHubAccess } from './github-access.ts';

/** GitHub's client is loaded only where it is set up. */
export async function checkGitHubSetup(
  access: GitHubAccess | null,
  { tables }: Pick<UnitOfWork, 'tables'>,
  clock: Clock,
): Promise<CheckView[]> {
  if (access === null) {
    const detail = 'It is not set up, so repositories are folders of this machine.';
    return [{ name: 'github', state: 'ok', detail, fix: null }];
  }
  const { checkGitHub } = await import('#infra/forge/github/doctor/check-github.ts');
  const bound = await boundRepositories(tables);
  return checkGitHub(
    access,
    bound.map(({ repository }) => repository),
    clock,
  );
}

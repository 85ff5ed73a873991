import { wasHalted } from '#src/code-factory/halt.ts';
import type { CheckView } from '#src/desk/desk.ts';
import type { GitHubSettings } from '#src/github-settings.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { GitHubOptions } from '../github-options.ts';
import { readRepositoryName } from '../repository-name.ts';
import { checkAccount } from './check-account.ts';
import { checkRepository } from './check-repository.ts';
import { checkWebhook } from './check-webhook.ts';
import { refused, warning } from './lines.ts';

export type GitHubChecked = GitHubOptions & Pick<GitHubSettings, 'token' | 'app' | 'webhook'>;

/**
 * Tries the set-up against the live GitHub: who works there, the repositories that projects are bound to, and where
 * webhooks come in. Changes nothing. No token is in any line. `repositories`: `OWNER/NAME`.
 */
export async function checkGitHub(
  access: GitHubChecked,
  repositories: readonly string[],
  clock: Clock,
): Promise<CheckView[]> {
  try {
    const account = await checkAccount(access, clock);
    const named = repositories.flatMap((name) => readRepositoryName(name, access.webUrl) ?? []);
    // A token that is refused is refused everywhere.
    const checked = account.state === 'missing' ? [] : named.map((one) => checkRepository(access, one, clock));
    return [account, ...(await Promise.all(checked)).flat(), await checkWebhook(access.webhook)];
  } catch (error) {
    if (wasHalted(error)) return [warning('github', 'GitHub is not asked while the factory is halted.', null)];
    return [refused('github', error)];
  }
}

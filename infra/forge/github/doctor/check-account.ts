import type { CheckView } from '#src/desk/desk.ts';
import type { Clock } from '#src/ports/clock.ts';
import { faultError } from '../call-fault.ts';
import { createClient } from '../create-client.ts';
import type { GitHubChecked } from './check-github.ts';
import { missing, ok, warning } from './lines.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Time enough to make another. */
const SOON_DAYS = 14;
const FORBIDDEN = 403;
const UNAUTHORISED = 401;

/** Whether GitHub takes the App or the token, and whose it is. Throws what is neither. */
export async function checkAccount(access: GitHubChecked, clock: Clock): Promise<CheckView> {
  const name = 'github';
  const { host } = new URL(access.apiUrl);
  const bot = await access.credentials.botLogin();
  if (bot !== null) {
    return ok(name, `The App is known at ${host} and writes as ${bot}; each of its tokens is for one repository.`);
  }
  const token = access.token ?? '';
  const client = createClient({ apiUrl: access.apiUrl, token: async () => token }, clock);
  const answer = await client.attempt((octokit) => octokit.rest.users.getAuthenticated());
  if ('fault' in answer) {
    const { fault } = answer;
    if (fault.status === UNAUTHORISED)
      return missing(name, `${host} does not take GITHUB_TOKEN.`, 'Make a new one; the README says how.');
    if (fault.status === FORBIDDEN && fault.waitMs === null) {
      return warning(
        name,
        `${host} takes GITHUB_TOKEN, which an App was given and which ends within the hour.`,
        'Set GITHUB_APP_ID and its key instead, and the factory asks for tokens itself.',
      );
    }
    throw faultError(fault, 'say whose token it is');
  }
  const { data, headers } = answer.value;
  const whose = `GITHUB_TOKEN is of @${data.login} at ${host}.`;
  // Only tokens that are not fine-grained tell their scopes.
  if (headers['x-oauth-scopes'] !== undefined && headers['x-oauth-scopes'] !== '') {
    return warning(
      name,
      `${whose} It reaches everything that @${data.login} does (${headers['x-oauth-scopes']}).`,
      'Make a fine-grained one for the repositories of the factory alone.',
    );
  }
  const days = daysLeft(headers['github-authentication-token-expiration'], clock);
  if (days !== null && days < SOON_DAYS)
    return warning(name, `${whose} It ends in ${days} days.`, 'Make a new one before that, or use an App.');
  return ok(name, whose);
}

/** GitHub writes `2026-12-01 10:00:00 UTC`. null: it does not end, or GitHub does not say when. */
function daysLeft(expiration: unknown, clock: Clock): number | null {
  if (typeof expiration !== 'string') return null;
  const endMs = Date.parse(expiration.replace(' UTC', 'Z').replace(' ', 'T'));
  return Number.isNaN(endMs) ? null : Math.max(0, Math.floor((endMs - clock.now().getTime()) / DAY_MS));
}

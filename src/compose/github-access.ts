import type { Credentials } from '#infra/forge/github/credentials.ts';
import { haltNow, requireGoing } from '../code-factory/halt-watch.ts';
import type { GitHubAppSettings, GitHubSettings } from '../github-settings.ts';
import type { Clock } from '../ports/clock.ts';
import { keepGoing } from '../ports/keep-going.ts';
import type { Log } from '../ports/log.ts';
import type { LedgerReader } from '../ports/unit-of-work.ts';

/** Where GitHub is, who the factory is there, and what a halt does about it. */
export type GitHubAccess = GitHubSettings & {
  credentials: Credentials;
  /** At a halt: revokes what can be revoked from here. Answers, for people, what became of it and what is left to them. Never rejects. */
  takeBack(): Promise<string>;
  stop(): Promise<void>;
};

/** A halt in another process is noticed so soon. */
const WATCH_MS = 1_000;
/** A halt is answered by then, whatever GitHub does. */
const TAKE_BACK_MS = 5_000;

interface Tools {
  ledger: Pick<LedgerReader, 'stream'>;
  clock: Clock;
  log: Log;
}

/** The token, or tokens of the App; neither is given out while the factory is halted. null: GitHub is not set up. */
export async function openGitHubAccess(settings: GitHubSettings | null, tools: Tools): Promise<GitHubAccess | null> {
  if (settings === null) return null;
  if (settings.app !== null) return withApp(settings, settings.app, tools);
  const { fixedToken } = await import('#infra/forge/github/credentials.ts');
  const { whileGoing } = await import('#infra/forge/github/while-going.ts');
  const token = settings.token ?? '';
  return {
    ...settings,
    credentials: whileGoing(fixedToken(token), () => requireGoing(tools.ledger)),
    takeBack: async () => `The factory uses its token of GitHub no more. ${whereToRevoke(token, settings.webUrl)}`,
    async stop() {},
  };
}

/** GitHub has no call with which a token of a person ends itself. */
function whereToRevoke(token: string, webUrl: string): string {
  const page = token.startsWith('github_pat_') ? 'personal-access-tokens' : 'tokens';
  return `To take it back for good, delete it at ${webUrl}/settings/${page}.`;
}

async function withApp(
  settings: GitHubSettings,
  app: GitHubAppSettings,
  { ledger, clock, log }: Tools,
): Promise<GitHubAccess> {
  const { createAppCredentials } = await import('#infra/forge/github/app/app-credentials.ts');
  const { whileGoing } = await import('#infra/forge/github/while-going.ts');
  const own = createAppCredentials({ ...settings, app }, clock);
  const watch = keepGoing({
    everyMs: WATCH_MS,
    async round() {
      if (!own.holdsAny() || (await haltNow(ledger)) === null) return;
      const { revoked, left } = await own.giveUp();
      log.info({ revoked, left }, 'tokens of GitHub were revoked, because the factory is halted');
    },
    onError: (error) => log.error({ error: String(error) }, 'tokens of GitHub could not be revoked; tried again'),
  });
  return {
    ...settings,
    credentials: whileGoing(
      own,
      () => requireGoing(ledger),
      () => own.giveUp(),
    ),
    async takeBack() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, TAKE_BACK_MS, null);
      });
      const outcome = await Promise.race([own.giveUp(), late]);
      clearTimeout(timer);
      return takenBack(outcome, settings.webUrl);
    },
    stop: () => watch.stop(),
  };
}

/** null: GitHub took too long. Other processes look after what they hold, and nobody knows how much that is. */
function takenBack(outcome: { revoked: number; left: number } | null, webUrl: string): string {
  if (outcome === null || outcome.left > 0) {
    return `Tokens of GitHub could not all be revoked yet; it is tried again, and they end within the hour. At once: suspend the App at ${webUrl}/settings/installations.`;
  }
  return outcome.revoked > 0
    ? 'Its tokens of GitHub are revoked.'
    : 'Tokens of GitHub are revoked wherever a process holds any.';
}

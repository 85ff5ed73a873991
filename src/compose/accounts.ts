import type { GitHubAccounts } from '#infra/forge/github/link/linked-accounts.ts';
import type { KeyPlace } from '#infra/vault/key.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../ports/clock.ts';
import type { AccountTokens } from '../ports/linked-accounts.ts';
import type { Log } from '../ports/log.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

interface AccountTools {
  unitOfWork: Pick<UnitOfWork, 'tables' | 'withLock'>;
  tokens: AccountTokens;
  /** Where the key is kept when no setting holds it. */
  keyFile: string;
  clock: Clock;
  log: Log;
}

/** Accounts that people linked, where GitHub is set up. */
export async function openAccounts(
  { github, databaseUrl }: Pick<Config, 'github' | 'databaseUrl'>,
  { unitOfWork, tokens, keyFile, clock, log }: AccountTools,
): Promise<GitHubAccounts | null> {
  if (github === null) return null;
  const { createLinkedAccounts } = await import('#infra/forge/github/link/linked-accounts.ts');
  const { createKeptGrants } = await import('#infra/forge/github/link/kept-grants.ts');
  const { apiUrl, webUrl, clientId, accountsKey } = github;
  const grants = createKeptGrants({ tokens, key: keyPlace(accountsKey, databaseUrl, keyFile) });
  const { tables, withLock } = unitOfWork;
  return createLinkedAccounts({ apiUrl, webUrl, clientId, grants, tables, withLock, clock, log });
}

/** Processes that share a database may run on several machines, and a file of one is not there on another. */
function keyPlace(key: string | null, databaseUrl: string | null, path: string): KeyPlace {
  if (key !== null) return { kind: 'setting', key: Buffer.from(key, 'base64') };
  return databaseUrl === null ? { kind: 'file', path } : { kind: 'missing' };
}

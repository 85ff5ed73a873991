import { FactoryError } from '#src/errors.ts';
import { linkedAccountId } from '#src/ledger/rows.ts';
import type { LinkedAccountRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import { accountsNotSetUp } from '#src/ports/linked-accounts.ts';
import type { LinkAnswer, LinkedAccounts, OwnAccount } from '#src/ports/linked-accounts.ts';
import type { Log } from '#src/ports/log.ts';
import type { TableReader, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { createClient } from '../create-client.ts';
import { createDeviceFlow, type DeviceFlow, type Grant } from './device-flow.ts';
import type { KeptGrants } from './kept-grants.ts';
import { type Wait, waitForAnswer, waitInRealTime } from './wait-for-answer.ts';

export interface LinkOptions {
  apiUrl: string;
  webUrl: string;
  /** Of the App that people let act for them; null: none, and nobody can link an account. */
  clientId: string | null;
  grants: KeptGrants;
  tables: Pick<TableReader, 'get'>;
  withLock: UnitOfWork['withLock'];
  clock: Clock;
  log: Log;
  wait?: Wait;
}

/** What the forge uses besides. */
export interface GitHubAccounts extends LinkedAccounts {
  /** What lets the factory act as this person now, renewed where that is due. */
  tokenOf(person: string): Promise<PersonToken>;
  /** GitHub takes this token no more. */
  refused(person: string, token: string): Promise<void>;
  /** Ends what waits for people. */
  stop(): Promise<void>;
}

export type PersonToken =
  | { outcome: 'none' }
  | { outcome: 'token'; token: string; account: OwnAccount }
  | { outcome: 'missed'; reason: 'refused' | 'unreadable'; account: OwnAccount };

/** A token that ends within this is renewed first. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** Accounts on GitHub that people linked, each by a code that they entered there. */
export function createLinkedAccounts(options: LinkOptions): GitHubAccounts {
  const { apiUrl, webUrl, clientId, grants, tables, clock, log, wait = waitInRealTime } = options;
  const flow = clientId === null ? null : createDeviceFlow({ webUrl, clientId, clock });
  const waiting = new Map<string, { end: AbortController; answer: Promise<LinkAnswer> }>();

  const rowOf = (person: string): Promise<LinkedAccountRow | null> =>
    tables.get('linked_accounts', linkedAccountId({ forge: 'github', person }));

  const ownerOf = async ({ accessToken }: Grant, person: string): Promise<OwnAccount> => {
    const client = createClient({ apiUrl, token: async () => accessToken }, clock);
    const { data } = await client.ask('say whose account this is', (octokit) => octokit.rest.users.getAuthenticated());
    return { person, login: data.login, accountId: String(data.id) };
  };

  const answerOf = async (claimed: Awaited<ReturnType<typeof waitForAnswer>>, person: string): Promise<LinkAnswer> => {
    if (claimed === null) return { outcome: 'ended' };
    if (claimed.outcome === 'failed') {
      return { outcome: 'failed', reason: `GitHub says: ${claimed.error}.`, fix: 'Say `link github` for a new code.' };
    }
    if (claimed.outcome !== 'granted') return claimed;
    const { grant } = claimed;
    const account = await ownerOf(grant, person);
    return { outcome: 'proven', account, keep: () => grants.keep(account, grant) };
  };

  /** One renewal at a time: GitHub takes each refresh token once. */
  const renewed = (flowNow: DeviceFlow | null, account: OwnAccount): Promise<Grant | 'refused'> =>
    waitForLock(options, `account-token:${account.person}`, async () => {
      const grant = await grants.read(account);
      if (typeof grant === 'string') return 'refused';
      if (!isEnding(grant, clock)) return grant;
      const next = grant.refreshToken === null ? null : ((await flowNow?.renew(grant.refreshToken)) ?? null);
      if (next === null) {
        await grants.forget(account.person);
        return 'refused';
      }
      await grants.keep(account, next);
      return next;
    });

  return {
    forge: 'github',

    async begin(person) {
      if (flow === null) throw accountsNotSetUp();
      await grants.requireKey();
      const code = await flow.begin();
      waiting.get(person)?.end.abort();
      const end = new AbortController();
      const answer = waitForAnswer(flow, code, { clock, log, wait, signal: end.signal })
        .then((claimed) => answerOf(claimed, person))
        .catch((error: unknown): LinkAnswer => {
          if (!(error instanceof FactoryError)) throw error;
          return { outcome: 'failed', reason: error.message, fix: 'Say `link github` for a new code.' };
        })
        .finally(() => {
          if (waiting.get(person)?.end === end) waiting.delete(person);
        });
      waiting.set(person, { end, answer });
      return { userCode: code.userCode, address: `${webUrl}/login/device`, expiresAt: code.expiresAt, answer };
    },

    async isUsable(account) {
      return typeof (await grants.read(account)) !== 'string';
    },

    async forget(person) {
      waiting.get(person)?.end.abort();
      await grants.forget(person);
    },

    async tokenOf(person) {
      const row = await rowOf(person);
      if (row === null) return { outcome: 'none' };
      const account = { person, login: row.login, accountId: row.accountId };
      const grant = await grants.read(account);
      if (grant === 'none') return { outcome: 'none' };
      if (grant === 'unreadable') return { outcome: 'missed', reason: 'unreadable', account };
      const now = isEnding(grant, clock) ? await renewed(flow, account) : grant;
      if (now === 'refused') return { outcome: 'missed', reason: 'refused', account };
      return { outcome: 'token', token: now.accessToken, account };
    },

    async refused(person, token) {
      await waitForLock(options, `account-token:${person}`, async () => {
        const row = await rowOf(person);
        const grant = row === null ? 'none' : await grants.read({ ...row, person });
        // Linked anew meanwhile, it is another one.
        if (typeof grant !== 'string' && grant.accessToken === token) await grants.forget(person);
      });
    },

    async stop() {
      const answers = [...waiting.values()];
      for (const { end } of answers) end.abort();
      await Promise.allSettled(answers.map(({ answer }) => answer));
    },
  };
}

function isEnding({ expiresAt }: Grant, clock: Clock): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - clock.now().getTime() < RENEW_BEFORE_MS;
}

import { onTestFinished } from 'vitest';
import { createKeptGrants } from '#infra/forge/github/link/kept-grants.ts';
import { createLinkedAccounts } from '#infra/forge/github/link/linked-accounts.ts';
import type { GitHubAccounts } from '#infra/forge/github/link/linked-accounts.ts';
import type { LinkedAccountRow } from '#src/ledger/rows.ts';
import type { OwnAccount } from '#src/ports/linked-accounts.ts';
import type { Log } from '#src/ports/log.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import type { StandInGitHub } from '#test/support/github/start-github.ts';

type GitHub = StandInGitHub<'ana' | 'ben', 'workbench'>;

export interface OpenAccounts {
  accounts: GitHubAccounts;
  /** What stands in the database, by id. */
  sealed: Map<string, string>;
  /** Who is linked, by id of the row. */
  rows: Map<string, LinkedAccountRow>;
  /** Every pause between two questions to GitHub. */
  pauses: number[];
  /** What was logged. */
  logged: unknown[];
  /** Called before each question. */
  onPause: (act: () => void) => void;
  key: Buffer;
  /** The same database with another key. */
  withKey(key: Buffer): GitHubAccounts;
  /** From here on they are linked, and the factory can act as them. */
  link(person: string, who: 'ana' | 'ben'): Promise<OwnAccount>;
}

/** Linked accounts over a stand-in GitHub, whose time runs on while they wait. */
export function openAccounts(
  github: GitHub,
  { clientId = github.apps.workbench.clientId }: { clientId?: string | null } = {},
): OpenAccounts {
  const sealed = new Map<string, string>();
  const rows = new Map<string, LinkedAccountRow>();
  const pauses: number[] = [];
  const logged: unknown[] = [];
  let act = (): void => {};
  const say = (...words: unknown[]): void => void logged.push(words);
  const log = { debug: say, info: say, warn: say, error: say } as unknown as Log;
  const tokens = {
    get: async (id: string) => sealed.get(id) ?? null,
    put: async (id: string, text: string) => void sealed.set(id, text),
    remove: async (id: string) => void sealed.delete(id),
  };
  const tables = { get: async (_table: string, id: string) => rows.get(id) ?? null } as unknown as Pick<
    TableReader,
    'get'
  >;
  let last: Promise<unknown> = Promise.resolve();
  const withKey = (key: Buffer): GitHubAccounts => {
    const accounts = createLinkedAccounts({
      apiUrl: github.apiUrl,
      webUrl: github.url,
      clientId,
      grants: createKeptGrants({ tokens, key: { kind: 'setting', key } }),
      tables,
      withLock: async (_key, work) => {
        const turn = last.then(work);
        last = turn.catch(() => {});
        return { ran: true, value: await turn };
      },
      clock: { now: () => new Date(github.clock.nowMs()) },
      log,
      async wait(ms, signal) {
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        pauses.push(ms);
        github.clock.advance(ms);
        act();
      },
    });
    onTestFinished(() => accounts.stop());
    return accounts;
  };
  const key = Buffer.alloc(32, 5);
  const accounts = withKey(key);
  return {
    accounts,
    sealed,
    rows,
    pauses,
    logged,
    onPause: (next) => void (act = next),
    key,
    withKey,
    async link(person, who) {
      const { userCode, answer } = await accounts.begin(person);
      github.people[who].enterCode(userCode);
      const came = await answer;
      if (came.outcome !== 'proven') throw new Error(`linking came to ${came.outcome}`);
      const id = `github/${person}`;
      rows.set(id, { id, forge: 'github', ...came.account, linkedAt: '2026-11-20T09:00:00.000Z' });
      await came.keep();
      return came.account;
    },
  };
}

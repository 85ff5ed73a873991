import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Credentials, Purpose } from '../credentials.ts';
import type { RepositoryName } from '../repository-name.ts';
import { type AppOptions, createAppCalls, type Installation, type MintedToken } from './app-calls.ts';

/** Tokens of an App, each for one repository and one purpose. */
export interface AppCredentials extends Credentials {
  /** Whether any token is held that GitHub would still take. */
  holdsAny(): boolean;
  /** Revokes what is held. Resolves when all were tried; `left` could not be revoked and stay held. Never rejects. */
  giveUp(): Promise<{ revoked: number; left: number }>;
}

/** GitHub's live for an hour. One is left so long before its end, that no call is under way then. */
const LEFT_BEFORE_END_MS = 5 * 60_000;
/** By our own clock, should GitHub's be ahead of it. */
const LONGEST_USE_MS = 55 * 60_000;

interface HeldToken {
  value: string;
  staleAtMs: number;
}

/** Holds tokens in memory alone, from their first use until shortly before their end. */
export function createAppCredentials(options: AppOptions, clock: Clock): AppCredentials {
  const calls = createAppCalls(options, clock);
  const held = new Map<string, HeldToken>();
  const minting = new Map<string, Promise<HeldToken>>();
  const installations = new Map<string, Installation>();
  /** What GitHub takes still, whether it is used or not, and until when. */
  const living = new Map<string, number>();
  let slug: string | null = null;
  const nowMs = (): number => clock.now().getTime();

  const mint = async (repository: RepositoryName, purpose: Purpose): Promise<HeldToken> => {
    const name = `${repository.owner}/${repository.name}`.toLowerCase();
    const known = installations.get(name);
    const installation = known ?? (await calls.installationOn(repository));
    // Kept where it proves itself: the repository may be renamed, or the App installed elsewhere.
    installations.delete(name);
    let minted: MintedToken;
    try {
      minted = await calls.mint(installation, repository, purpose);
    } catch (error) {
      if (known === undefined || !(error instanceof FactoryError) || error.retryable) throw error;
      return mint(repository, purpose);
    }
    const { value, expiresAtMs } = minted;
    installations.set(name, installation);
    living.set(value, expiresAtMs);
    return { value, staleAtMs: Math.min(expiresAtMs - LEFT_BEFORE_END_MS, nowMs() + LONGEST_USE_MS) };
  };

  return {
    async tokenFor(repository, purpose) {
      const key = `${repository.owner}/${repository.name} ${purpose}`.toLowerCase();
      const known = held.get(key);
      if (known !== undefined && known.staleAtMs > nowMs()) return known.value;
      // Of several who ask at once one mints.
      let next = minting.get(key);
      if (next === undefined) {
        next = mint(repository, purpose)
          .then((token) => {
            held.set(key, token);
            return token;
          })
          .finally(() => minting.delete(key));
        minting.set(key, next);
      }
      return (await next).value;
    },

    refused(token) {
      for (const [key, { value }] of held) if (value === token) held.delete(key);
      return true;
    },

    async botLogin() {
      slug ??= await calls.slug();
      return `${slug}[bot]`;
    },

    holdsAny() {
      for (const [value, expiresAtMs] of living) if (expiresAtMs <= nowMs()) living.delete(value);
      return living.size > 0 || minting.size > 0;
    },

    async giveUp() {
      await Promise.allSettled(minting.values());
      held.clear();
      const tokens = [...living.keys()];
      const ended = await Promise.allSettled(
        tokens.map(async (token) => {
          await calls.revoke(token);
          living.delete(token);
        }),
      );
      const revoked = ended.filter(({ status }) => status === 'fulfilled').length;
      return { revoked, left: tokens.length - revoked };
    },
  };
}

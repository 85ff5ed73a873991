import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { Claim, DeviceCode, DeviceFlow } from './device-flow.ts';

/** What GitHub adds to the pause when it says `slow_down` without a number. */
const SLOWER_BY_MS = 5_000;

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const waitInRealTime: Wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false });

/** Asks GitHub, as often as it likes to be asked, until the person has answered. null: `signal` ended it. */
export async function waitForAnswer(
  flow: Pick<DeviceFlow, 'claim'>,
  code: DeviceCode,
  { clock, log, wait, signal }: { clock: Clock; log: Log; wait: Wait; signal: AbortSignal },
): Promise<Exclude<Claim, { outcome: 'pending' }> | null> {
  let { everyMs } = code;
  while (clock.now() < code.expiresAt) {
    try {
      await wait(everyMs, signal);
    } catch {
      // Only `signal` ends a wait.
    }
    if (signal.aborted) return null;
    try {
      const claim = await flow.claim(code);
      if (claim.outcome !== 'pending') return claim;
      everyMs = claim.everyMs ?? everyMs;
    } catch (error) {
      log.info({ error: String(error) }, 'GitHub could not be asked whether an account was linked; it is tried again');
      everyMs += SLOWER_BY_MS;
    }
  }
  return { outcome: 'expired' };
}

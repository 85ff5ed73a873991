import type { Clock } from '#src/ports/clock.ts';
import type { CallFault } from './call-fault.ts';
import { type ClientFor, withAsk } from './create-client.ts';

/**
 * Leaves GitHub alone while it asks for that: until then every call gets the same refusal, and nothing is sent. Whoever
 * goes on asking is locked out for longer. https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export function keepQuiet(clientFor: ClientFor, clock: Clock): ClientFor {
  let quiet: { untilMs: number; fault: CallFault } | null = null;
  return (repository, purpose) =>
    withAsk(async (call) => {
      const nowMs = clock.now().getTime();
      if (quiet !== null && nowMs < quiet.untilMs) return { fault: { ...quiet.fault, waitMs: quiet.untilMs - nowMs } };
      const answer = await clientFor(repository, purpose).attempt(call);
      if ('fault' in answer && answer.fault.waitMs !== null) {
        quiet = { untilMs: clock.now().getTime() + answer.fault.waitMs, fault: answer.fault };
      }
      return answer;
    });
}

import { haltNow } from '#src/code-factory/halt-watch.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { RetroSchedule } from '#src/retro-schedule.ts';
import { dueRetrospectives } from './due.ts';
import { holdRetrospective } from './hold.ts';

const EVERY_MS = 60_000;

/**
 * Looks back on the week of every project when its time has come, or at the next start after it. Nothing while the
 * factory is halted: what came due then is held once an approver lets it go on.
 */
export function startRetrospectives(
  tools: { unitOfWork: UnitOfWork; clock: Clock; ids: Ids; log: Log },
  schedule: RetroSchedule,
): Rounds {
  const { unitOfWork, clock, log } = tools;
  return keepGoing({
    everyMs: EVERY_MS,
    async round() {
      if ((await haltNow(unitOfWork.ledger)) !== null) return;
      for (const due of await dueRetrospectives(unitOfWork, schedule, clock.now())) {
        try {
          await holdRetrospective(tools, due);
        } catch (error) {
          // One project that cannot be read must not keep the others from theirs.
          log.warn({ ...due, error: String(error) }, 'a week could not be looked back on; it is tried again');
        }
      }
    },
    onError: (error) => log.warn({ error: String(error) }, 'no week could be looked back on; it is tried again'),
  });
}

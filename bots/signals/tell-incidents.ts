import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { fingerprintOfTrouble, worse } from '#src/reflection/incidents/incident.ts';
import { reportTrouble } from '#src/reflection/incidents/report.ts';
import { errorKind } from './error-kind.ts';
import { SIGNALS } from './receive-signal.ts';
import { KeptSignal } from './signal.ts';

/** Looks for what a process that died has left. */
const POLL_MS = 5_000;
/** More than can wait: `TOGETHER_A_MINUTE` for as long as trouble rests. */
const BATCH = 1_000;
/** Trouble that was told of just now is told of again only after this: what comes meanwhile is one more fact together. */
const REST_MS = 30_000;

export interface TellTools {
  unitOfWork: Pick<UnitOfWork, 'transact' | 'tables' | 'inbox'>;
  clock: Clock;
  ids: Ids;
  log: Log;
}

/** Makes incidents of the signals that wait in the inbox: those of one kind of trouble are one fact, however many they are. */
export function tellIncidents(tools: TellTools): Rounds {
  const { unitOfWork, clock, log } = tools;
  const { inbox } = unitOfWork;
  /** When what was told of a kind of trouble last, in milliseconds, and how bad it was. */
  const told = new Map<string, Pick<KeptSignal, 'severity'> & { atMs: number }>();

  const tell = async (group: readonly KeptSignal[]): Promise<void> => {
    const [first] = group;
    if (first === undefined) return;
    const times = group.map(({ at }) => at).toSorted();
    await reportTrouble(tools, {
      ...{ projectId: first.projectId, source: 'signal', service: first.service, signal: first.signal },
      ...{ severity: worstOf(group), details: first.details },
      firstAt: times[0] ?? first.at,
      at: times.at(-1) ?? first.at,
      told: group.map(({ key }) => key),
    });
    for (const { key } of group) await inbox.done(key);
  };

  return keepGoing({
    everyMs: POLL_MS,
    async round() {
      const now = clock.now().getTime();
      for (const [kind, { atMs }] of told) if (now - atMs >= REST_MS) told.delete(kind);
      const waiting = (await inbox.pending(SIGNALS, BATCH)).map(({ payload }) => KeptSignal.parse(JSON.parse(payload)));
      for (const [kind, group] of Map.groupBy(waiting, kindOf)) {
        const severity = worstOf(group);
        const last = told.get(kind);
        // What got worse does not wait.
        if (last !== undefined && worse(last.severity, severity) === last.severity) continue;
        told.set(kind, { severity, atMs: now });
        try {
          await tell(group);
        } catch (error) {
          log.error({ surface: SIGNALS, error: errorKind(error) }, 'signals could not be worked on; tried again');
        }
      }
    },
    onError: (error) =>
      log.error({ surface: SIGNALS, error: errorKind(error) }, 'the inbox could not be read; tried again'),
  });
}

function kindOf({ projectId, service, signal, details }: KeptSignal): string {
  return `${projectId} ${fingerprintOfTrouble({ source: 'signal', service, signal, details })}`;
}

function worstOf(group: readonly KeptSignal[]): KeptSignal['severity'] {
  return group.map(({ severity }) => severity).reduce(worse, 'info');
}

import { listenLocally } from '#bots/receiving/listen-locally.ts';
import type { BodyLimits } from '#bots/receiving/read-body.ts';
import { FactoryError } from '#src/errors.ts';
import { errorKind } from './error-kind.ts';
import { createPace } from './pace.ts';
import type { PaceLimits } from './pace.ts';
import { receiveSignal } from './receive-signal.ts';
import { tellIncidents } from './tell-incidents.ts';
import type { TellTools } from './tell-incidents.ts';

const BODY: BodyLimits = { maxBytes: 64 * 1024, timeoutMs: 10_000 };
const PACE: PaceLimits = { perService: 60, together: 600, maxServices: 1_000 };

export interface SignalsDependencies extends TellTools {
  /** Port 0: any that is free. */
  settings: { port: number; secret: string };
  limits?: { body: BodyLimits; pace: PaceLimits };
}

export interface Signals {
  port: number;
  /** Waits until what came in so far was looked at. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Takes signed signals of services in, on this machine only. A signal is checked, kept, acknowledged and worked on, in
 * this order; what an earlier process left is caught up with. FactoryError `signals-port-refused`.
 */
export async function startSignals(deps: SignalsDependencies): Promise<Signals> {
  const { settings, clock, log, unitOfWork, limits = { body: BODY, pace: PACE } } = deps;
  const { inbox, tables } = unitOfWork;
  const telling = tellIncidents(deps);
  const receiving = {
    ...{ secret: settings.secret, limits: limits.body, pace: createPace(clock, limits.pace) },
    ...{ inbox, tables, clock, log, onKept: () => telling.nudge() },
  };
  try {
    const listening = await listenLocally({
      port: settings.port,
      answer: (request) => receiveSignal(receiving, request),
      onFailure(error) {
        log.error({ surface: 'signals', error: errorKind(error) }, 'a signal could not be kept');
        const message = 'The signal could not be kept. Send it again.';
        return { status: 503, body: { error: { code: 'not-kept', message } }, headers: { 'retry-after': '30' } };
      },
    });
    return {
      port: listening.port,
      settle: () => telling.settle(),
      async stop() {
        await listening.stop();
        await telling.stop();
      },
    };
  } catch (cause) {
    await telling.stop();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FactoryError('signals-port-refused', `Port ${settings.port} cannot be listened on: ${why}.`, {
      fix: 'Set SIGNALS_PORT to a free port, and send the signals there.',
      retryable: true,
      cause,
    });
  }
}

import type { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '#src/ports/log.ts';

/** Before each further attempt; from then on the last one. */
const PAUSES_MS = [1_000, 2_000, 5_000, 15_000, 30_000] as const;

export interface Line {
  /** Hangs up for good. */
  stop(): Promise<void>;
}

/**
 * Opens a line of Socket Mode, which is up now, again whenever it goes down. Bolt's client does so by itself too, but an
 * attempt that Slack refuses or does not answer then ends the process, since nobody hears of it: make the client with
 * `autoReconnectEnabled: false`.
 */
export function keepLine(client: SocketModeReceiver['client'], log: Log): Line {
  let tries = 0;
  let isStopped = false;
  let pause: NodeJS.Timeout | null = null;
  let opening: Promise<void> | null = null;

  const open = async (): Promise<void> => {
    try {
      await client.start();
      tries = 0;
      if (isStopped) await client.disconnect();
    } catch (error) {
      log.warn({ surface: 'slack', error: String(error) }, 'Slack opens no line for its events; tried again');
    }
  };
  const openSoon = (): void => {
    if (isStopped || pause !== null || opening !== null) return;
    const pauseMs = PAUSES_MS[tries] ?? PAUSES_MS[PAUSES_MS.length - 1];
    tries += 1;
    pause = setTimeout(() => {
      pause = null;
      opening = open().finally(() => {
        opening = null;
        if (tries > 0) openSoon();
      });
    }, pauseMs);
  };
  client.on('disconnected', openSoon);
  return {
    async stop() {
      isStopped = true;
      if (pause !== null) clearTimeout(pause);
      await client.disconnect();
      // One that is under way hangs up as soon as it has its line.
      await opening;
    },
  };
}

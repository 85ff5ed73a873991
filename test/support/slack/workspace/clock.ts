/** The workspace's time. It runs with the machine's and can be moved on, so that no test waits for an expiry. */
export interface SlackClock {
  nowMs(): number;
  advance(byMs: number): void;
  /** How far it was moved on. What expires within seconds goes by this, so that a slow machine expires nothing. */
  movedMs(): number;
  /** A new message's `ts`: seconds and six digits, never the same twice, never going back. */
  nextTs(): string;
}

export function createSlackClock(readMs: () => number): SlackClock {
  let offsetMs = 0;
  let lastMicros = 0n;
  const nowMs = (): number => readMs() + offsetMs;
  return {
    nowMs,
    advance: (byMs) => void (offsetMs += byMs),
    movedMs: () => offsetMs,
    nextTs() {
      const now = BigInt(Math.trunc(nowMs())) * 1000n;
      lastMicros = now > lastMicros ? now : lastMicros + 1n;
      const digits = lastMicros.toString().padStart(7, '0');
      return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { Clock } from '#src/ports/clock.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';

/** The counter has 12 bits (rand_a of RFC 9562); it begins in the lower half, so that 2048 more fit a millisecond. */
const COUNTER_LIMIT = 0x1000;
const COUNTER_SEEDS = 0x800;

/**
 * UUIDs of version 7 (RFC 9562, sections 5.7 and 6.2 method 1). Each one sorts after the one before it in this
 * process, also within one millisecond and when the machine's clock is set back.
 */
export function createUuidV7(clock: Clock = systemClock): Ids {
  let lastMs = 0;
  let counter = 0;

  return {
    next(): string {
      const random = randomBytes(10);
      const nowMs = clock.now().getTime();
      if (nowMs > lastMs) {
        lastMs = nowMs;
        counter = random.readUInt16BE(8) % COUNTER_SEEDS;
      } else if (++counter === COUNTER_LIMIT) {
        // More than a millisecond holds: borrow the next one rather than repeat or go back.
        lastMs += 1;
        counter = 0;
      }
      const bytes = Buffer.alloc(16);
      bytes.writeUIntBE(lastMs, 0, 6);
      bytes.writeUInt16BE(0x7000 | counter, 6);
      random.copy(bytes, 8, 0, 8);
      bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}

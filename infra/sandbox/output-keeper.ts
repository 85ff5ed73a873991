/** Keeps the last `maxBytes` of two streams together; counts what it dropped. */
export interface OutputKeeper {
  add(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  text(stream: 'stdout' | 'stderr'): string;
  droppedBytes(): number;
}

/**
 * The end is kept, not the beginning: runners print their verdict last. Memory stays below `maxBytes` plus one
 * chunk, however much a command prints.
 */
export function createOutputKeeper(maxBytes: number): OutputKeeper {
  let kept: { stream: 'stdout' | 'stderr'; chunk: Buffer }[] = [];
  let first = 0;
  let keptBytes = 0;
  let dropped = 0;

  function trim(): void {
    while (keptBytes > maxBytes) {
      const oldest = kept[first];
      if (oldest === undefined) return;
      const surplus = keptBytes - maxBytes;
      if (oldest.chunk.length <= surplus) {
        first += 1;
        keptBytes -= oldest.chunk.length;
        dropped += oldest.chunk.length;
      } else {
        oldest.chunk = oldest.chunk.subarray(surplus);
        keptBytes -= surplus;
        dropped += surplus;
      }
    }
    if (first > 1024) {
      kept = kept.slice(first);
      first = 0;
    }
  }

  return {
    add(stream, chunk) {
      kept.push({ stream, chunk: Buffer.from(chunk) });
      keptBytes += chunk.length;
      trim();
    },
    text(stream) {
      const parts = kept.slice(first).filter((part) => part.stream === stream);
      const whole = Buffer.concat(parts.map((part) => part.chunk));
      return (dropped > 0 ? fromCharacterStart(whole) : whole).toString('utf8');
    },
    droppedBytes: () => dropped,
  };
}

/** A cut may fall inside a UTF-8 character; its remaining bytes (0b10xxxxxx) would show as a replacement mark. */
function fromCharacterStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start);
}

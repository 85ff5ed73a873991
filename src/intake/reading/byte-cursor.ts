/** Reads a stream of bytes front to back: exact pieces, the rest in chunks, or forward to an offset. */
export interface ByteCursor {
  /** Bytes taken or skipped so far. */
  readonly offset: number;
  /** Exactly `length` bytes, or fewer where the stream ends. */
  read(length: number): Promise<Uint8Array>;
  /** The next chunk of at most `maxBytes`, or null at the end. */
  next(maxBytes: number): Promise<Uint8Array | null>;
  /** Forward to `offset`; offsets behind the cursor throw. Stops early where the stream ends. */
  skipTo(offset: number): Promise<void>;
  close(): Promise<void>;
}

export function createByteCursor(bytes: AsyncIterable<Uint8Array>): ByteCursor {
  const iterator = bytes[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  let offset = 0;
  const fill = async (): Promise<boolean> => {
    while (chunk.byteLength === 0) {
      const { done, value } = await iterator.next();
      if (done === true) return false;
      chunk = value;
    }
    return true;
  };
  const take = (length: number): Uint8Array => {
    const taken = chunk.subarray(0, length);
    chunk = chunk.subarray(taken.byteLength);
    offset += taken.byteLength;
    return taken;
  };
  return {
    get offset() {
      return offset;
    },
    async read(length) {
      const whole = new Uint8Array(length);
      let filled = 0;
      while (filled < length && (await fill())) {
        const piece = take(length - filled);
        whole.set(piece, filled);
        filled += piece.byteLength;
      }
      return whole.subarray(0, filled);
    },
    async next(maxBytes) {
      return (await fill()) ? take(maxBytes) : null;
    },
    async skipTo(target) {
      if (target < offset) throw new RangeError(`cannot go back from ${offset} to ${target}`);
      while (offset < target && (await fill())) take(target - offset);
    },
    async close() {
      await iterator.return?.();
    },
  };
}

/** The first bytes of a stream, and the stream with those bytes still in it. Close what you do not read to the end. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ start: Uint8Array; all: AsyncIterable<Uint8Array>; close(): Promise<void> }> {
  const cursor = createByteCursor(bytes);
  const start = await cursor.read(maxBytes);
  const all = async function* () {
    try {
      if (start.byteLength > 0) yield start;
      for (;;) {
        const chunk = await cursor.next(Number.MAX_SAFE_INTEGER);
        if (chunk === null) return;
        yield chunk;
      }
    } finally {
      await cursor.close();
    }
  };
  return { start, all: all(), close: () => cursor.close() };
}

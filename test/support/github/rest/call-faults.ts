/** What goes wrong with a call of the API, or of git. */
export type CallFault =
  /** The effect is there and the answer never comes: the line is cut. */
  | { kind: 'lose-answer' }
  /** The line is cut before anything happened. */
  | { kind: 'cut' }
  /** Nothing happens and no answer comes, until the caller gives up. */
  | { kind: 'hang' }
  /** The effect is there, and no answer comes until the caller gives up. */
  | { kind: 'hang-after' }
  /** The effect is there, and a gateway in between answers that it failed. */
  | { kind: 'status-after'; status: number }
  /** Nothing happens. */
  | { kind: 'status'; status: number; message: string }
  /** Too much in too short a time; 403, as GitHub mostly says it, or 429. Null: without a `retry-after`. */
  | { kind: 'secondary-limit'; retryAfterS: number | null; status: 403 | 429 };

export interface CallFaults {
  /** For the next call of the operation that fits, or as many: `pulls/merge`, `git/receive-pack`, `*`. */
  add(operation: string, fault: CallFault, options?: FaultOptions): void;
  loseAnswer(operation: string, options?: FaultOptions): void;
  cut(operation: string, options?: FaultOptions): void;
  hang(operation: string, options?: FaultOptions): void;
  hangAfter(operation: string, options?: FaultOptions): void;
  status(operation: string, status: number, options?: FaultOptions): void;
  statusAfter(operation: string, status: number, options?: FaultOptions): void;
  secondaryLimit(operation: string, retryAfterS: number | null, options?: FaultOptions): void;
  take(operation: string): CallFault | null;
}

export interface FaultOptions {
  /** Default: 1. */
  times?: number;
}

export function createCallFaults(): CallFaults {
  const waiting: { operation: string; fault: CallFault; left: number }[] = [];
  const add: CallFaults['add'] = (operation, fault, { times = 1 } = {}) =>
    void waiting.push({ operation, fault, left: times });
  return {
    add,
    loseAnswer: (operation, options) => add(operation, { kind: 'lose-answer' }, options),
    cut: (operation, options) => add(operation, { kind: 'cut' }, options),
    hang: (operation, options) => add(operation, { kind: 'hang' }, options),
    hangAfter: (operation, options) => add(operation, { kind: 'hang-after' }, options),
    status: (operation, status, options) =>
      add(operation, { kind: 'status', status, message: 'Server Error' }, options),
    statusAfter: (operation, status, options) => add(operation, { kind: 'status-after', status }, options),
    secondaryLimit: (operation, retryAfterS, options) =>
      add(operation, { kind: 'secondary-limit', retryAfterS, status: 403 }, options),
    take(operation) {
      const fits = (one: (typeof waiting)[number]) => one.operation === operation || one.operation === '*';
      const found = waiting.find((one) => one.left > 0 && fits(one));
      if (found === undefined) return null;
      found.left -= 1;
      return found.fault;
    },
  };
}

import type { Json } from '../workspace/json.ts';

/** What goes wrong with a call of the Web API. */
export type CallFault =
  /** The effect is there and the answer never comes: the line is cut. */
  | { kind: 'lose-answer' }
  /** The line is cut before anything happened. */
  | { kind: 'cut' }
  /** Nothing happens and no answer comes, until the caller gives up. */
  | { kind: 'hang' }
  /** Nothing happens. */
  | { kind: 'status'; status: number }
  | { kind: 'error'; error: string; extra?: Json }
  | { kind: 'rate-limit'; retryAfterS: number }
  /** The effect is there at once, the answer late. */
  | { kind: 'slow'; byMs: number };

export interface CallFaults {
  /** For the next call of the method that fits, or as many. */
  add(method: string, fault: CallFault, options?: FaultOptions): void;
  loseAnswer(method: string, options?: FaultOptions): void;
  cut(method: string, options?: FaultOptions): void;
  hang(method: string, options?: FaultOptions): void;
  status(method: string, status: number, options?: FaultOptions): void;
  error(method: string, error: string, options?: FaultOptions): void;
  rateLimit(method: string, retryAfterS: number, options?: FaultOptions): void;
  take(method: string, args: Json): CallFault | null;
}

export interface FaultOptions {
  /** Default: 1. */
  times?: number;
  /** Only calls with such arguments. */
  when?: (args: Json) => boolean;
}

export function createCallFaults(): CallFaults {
  const waiting: { method: string; fault: CallFault; left: number; when: (args: Json) => boolean }[] = [];
  const add: CallFaults['add'] = (method, fault, { times = 1, when = () => true } = {}) =>
    void waiting.push({ method, fault, left: times, when });
  return {
    add,
    loseAnswer: (method, options) => add(method, { kind: 'lose-answer' }, options),
    cut: (method, options) => add(method, { kind: 'cut' }, options),
    hang: (method, options) => add(method, { kind: 'hang' }, options),
    status: (method, status, options) => add(method, { kind: 'status', status }, options),
    error: (method, error, options) => add(method, { kind: 'error', error }, options),
    rateLimit: (method, retryAfterS, options) => add(method, { kind: 'rate-limit', retryAfterS }, options),
    take(method, args) {
      const found = waiting.find((one) => one.method === method && one.left > 0 && one.when(args));
      if (found === undefined) return null;
      found.left -= 1;
      return found.fault;
    },
  };
}

import type { ModelFailure } from '#src/ports/model-failure.ts';

/** Which model, where: what messages may say. Never the key, nor the path or query, which may hold one. */
export interface Endpoint {
  model: string;
  host: string;
  /** Only to be taken out of what the server says. */
  apiKey: string | null;
  /** The password of its address; likewise. */
  password?: string;
}

/** What a server complained of, in its own words, as an HTTP status or inside of its answer. */
export interface Complaint {
  /** null: the words came without a number. */
  status: number | null;
  code: string | null;
  message: string;
  headers: Headers | undefined;
  /** The answer had begun: the work was under way. */
  isInAnswer: boolean;
}

/** One try that failed, and whether another makes sense. */
export class CallFault extends Error {
  readonly failure: ModelFailure;
  /** How many tries in all may end this way: 1 for what does not pass by itself. */
  readonly tries: number;
  /** What the server asked to wait, or null. */
  readonly waitMs: number | null;
  readonly complaint: Complaint | null;
  /** The stream ended in good order but in the middle of the answer. */
  readonly isCutShort: boolean;

  constructor(
    failure: ModelFailure,
    options: { tries: number; waitMs?: number | null; complaint?: Complaint; isCutShort?: boolean },
  ) {
    super(failure.message);
    this.failure = failure;
    this.tries = options.tries;
    this.waitMs = options.waitMs ?? null;
    this.complaint = options.complaint ?? null;
    this.isCutShort = options.isCutShort ?? false;
  }
}

/** Tries of one call in all, whatever goes wrong. */
export const MAX_TRIES = 4;
/** A silent server costs the whole timeout each time, and an empty answer costs tokens: these are tried once more. */
export const FEW_TRIES = 2;

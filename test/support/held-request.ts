import type { ChatRequest } from './model-request-rules.ts';

/** Keeps one request waiting, so that a test can act while it is in flight. For the proxy's `hold`. */
export interface HeldRequest {
  hold(body: ChatRequest): Promise<void> | null;
  /** Resolves once the request is there. */
  reached: Promise<void>;
  /** Lets it go. */
  release(): void;
}

/** The first request that `isWanted`; others pass. */
export function holdRequest(isWanted: (body: ChatRequest) => boolean): HeldRequest {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isHeld = false;
  return {
    hold(body) {
      if (isHeld || !isWanted(body)) return null;
      isHeld = true;
      reached.resolve();
      return released.promise;
    },
    reached: reached.promise,
    release: () => released.resolve(),
  };
}

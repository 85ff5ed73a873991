import type { Clock } from '#src/ports/clock.ts';

export interface ExpiringCache<T> {
  /** The kept value, or what `load` brings. Callers at the same time share one load; a failed one is not kept. */
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** What is kept and not too old, without asking anybody. */
  peek(key: string): T | null;
  forget(key: string): void;
}

/** Keeps at most `limit` values, each for `maxAgeMs`; the one that was loaded longest ago makes way. */
export function createExpiringCache<T>(options: { clock: Clock; limit: number; maxAgeMs: number }): ExpiringCache<T> {
  const kept = new Map<string, { value: T; loadedAtMs: number }>();
  const loading = new Map<string, Promise<T>>();
  const peek = (key: string): T | null => {
    const entry = kept.get(key);
    if (entry === undefined) return null;
    return options.clock.now().getTime() - entry.loadedAtMs < options.maxAgeMs ? entry.value : null;
  };
  return {
    peek,
    forget(key) {
      kept.delete(key);
      loading.delete(key);
    },
    get(key, load) {
      const value = peek(key);
      if (value !== null) return Promise.resolve(value);
      const running = loading.get(key);
      if (running !== undefined) return running;
      // As old as the question: an answer under way may already be out of date.
      const askedAtMs = options.clock.now().getTime();
      const asked = load().then(
        (loaded) => {
          if (loading.get(key) !== asked) return loaded;
          loading.delete(key);
          kept.delete(key);
          kept.set(key, { value: loaded, loadedAtMs: askedAtMs });
          const [oldest] = kept.keys();
          if (kept.size > options.limit && oldest !== undefined) kept.delete(oldest);
          return loaded;
        },
        (error: unknown) => {
          if (loading.get(key) === asked) loading.delete(key);
          throw error;
        },
      );
      loading.set(key, asked);
      return asked;
    },
  };
}

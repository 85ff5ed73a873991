import type { Json } from '../hub/json.ts';
import type { RateState } from '../rest/limits.ts';

export function rateLimitJson({ limit, used, remaining, resetS }: RateState): Json {
  const core = { limit, used, remaining, reset: resetS };
  const search = { limit: 30, used: 0, remaining: 30, reset: resetS };
  return { resources: { core, search }, rate: core };
}

import { createRequire } from 'node:module';
import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';

const require = createRequire(import.meta.url);

export interface ExamplePayload {
  event: string;
  payload: Json;
}

/** Payloads that GitHub really sent, of all its events: for whoever must take what they do not expect. */
export function examplePayloads(): ExamplePayload[] {
  const definitions = require('@octokit/webhooks-examples') as { name: string; examples: unknown[] }[];
  return definitions.flatMap(({ name, examples }) =>
    examples.filter(isObject).map((payload) => ({ event: name, payload })),
  );
}

import type { IncomingMessage } from 'node:http';
import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';
import { Refusal } from '../hub/refusal.ts';

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A JSON body; nothing is an empty object. Refuses with 400 what is no JSON. */
export function parseBody(bytes: Buffer): { body: Json; list: unknown[] | null } {
  if (bytes.length === 0) return { body: {}, list: null };
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
  if (Array.isArray(value)) return { body: {}, list: value };
  if (!isObject(value)) throw new Refusal(400, 'Body should be a JSON object');
  return { body: value, list: null };
}

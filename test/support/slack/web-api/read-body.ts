import type { IncomingMessage } from 'node:http';
import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A call's arguments: from the address, and from a form or a JSON body. */
export async function readBody(request: IncomingMessage): Promise<Json> {
  const address = new URL(request.url ?? '/', 'http://localhost');
  const inAddress = Object.fromEntries(address.searchParams);
  const text = (await readBytes(request)).toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    const body: unknown = text === '' ? {} : JSON.parse(text);
    return { ...inAddress, ...(isObject(body) ? body : {}) };
  }
  return { ...inAddress, ...Object.fromEntries(new URLSearchParams(text)) };
}

/** The bytes of an upload: the body itself, or the first file of a form. */
export async function readUpload(request: IncomingMessage): Promise<Buffer> {
  const bytes = await readBytes(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Buffer.from(new URLSearchParams(bytes.toString('utf8')).get('body') ?? '');
  if (!type.startsWith('multipart/form-data')) return bytes;
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  for (const value of form.values())
    return typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
  return Buffer.alloc(0);
}

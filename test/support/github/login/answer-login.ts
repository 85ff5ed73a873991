import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import { parseBody, readBytes } from '../rest/read-request.ts';
import { claimGrant, startGrant } from './device-flow.ts';

/** The pages of GitHub that programs call: they take forms and JSON, and answer with a form unless asked for JSON. */
export async function answerLogin(
  hub: Hub,
  path: string,
  { request, response, intervalS }: { request: IncomingMessage; response: ServerResponse; intervalS: number },
): Promise<void> {
  const bytes = await readBytes(request);
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
  const body: Json = isJson ? parseBody(bytes).body : Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  const answer =
    path === '/login/device/code'
      ? startGrant(hub, String(body.client_id), intervalS)
      : path === '/login/oauth/access_token'
        ? claimGrant(hub, body)
        : null;
  if (answer === null || request.method !== 'POST') return void response.writeHead(404).end('Not Found');
  const wantsJson = (request.headers.accept ?? '').includes('application/json');
  const form = new URLSearchParams(
    Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)]),
  );
  response.writeHead(200, {
    'content-type': `${wantsJson ? 'application/json' : 'application/x-www-form-urlencoded'}; charset=utf-8`,
  });
  response.end(wantsJson ? JSON.stringify(answer) : form.toString());
}

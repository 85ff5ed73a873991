import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SocketMode } from './delivery/socket-mode.ts';
import { postAnswer } from './people/post-answer.ts';
import { answerCall } from './web-api/answer-call.ts';
import type { Api } from './web-api/answer-call.ts';
import { maySee } from './web-api/files.ts';
import type { PendingUploads } from './web-api/files.ts';
import { readBody, readUpload } from './web-api/read-body.ts';
import { Refusal } from './web-api/refusal.ts';

export interface SlackServer {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** The stand-in's door: the Web API, files, response URLs and Socket Mode, on loopback only. */
export async function listen(api: Api, sockets: SocketMode, pending: PendingUploads): Promise<SlackServer> {
  const server = createServer((request, response) => {
    handle(api, pending, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(`The stand-in Slack failed: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
  server.on('upgrade', (request, stream) => sockets.connect(request, stream));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(
  api: Api,
  pending: PendingUploads,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [, room, name = ''] = pathname.split('/');
  if (room === 'api') return answerCall(api, name, request, response);
  if (room === 'upload') return takeUpload(pending, name, request, response);
  if (room === 'files-pri') return sendFile(api, name, request, response);
  if (room === 'response') return takeResponse(api, name, request, response);
  response.writeHead(404).end('not found');
}

async function takeUpload(
  pending: PendingUploads,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const upload = pending.get(id);
  const bytes = await readUpload(request);
  if (upload === undefined || bytes.length !== upload.length) {
    response.writeHead(400).end('The upload is not the one that was announced.');
    return;
  }
  upload.file.content = bytes;
  response.writeHead(200).end(`OK - ${bytes.length}`);
}

/** A file for an app that may see it; others get Slack's sign-in page, and a 200. */
function sendFile({ workspace }: Api, name: string, request: IncomingMessage, response: ServerResponse): void {
  const file = workspace.files.get(name.replace(`${workspace.team.id}-`, ''));
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const app = [...workspace.apps.values()].find(({ botToken }) => botToken === token);
  const maySend = app !== undefined && !app.isRevoked && app.scopes.has('files:read');
  if (file === undefined) response.writeHead(404).end();
  else if (!maySend || !maySee(workspace, app, file))
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Sign in | Slack</title>');
  else response.writeHead(200, { 'content-type': file.mimetype }).end(file.content);
}

async function takeResponse(
  { workspace, tools }: Api,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const place = workspace.responseUrls.get(id);
  const app = place === undefined ? undefined : workspace.apps.get(place.appId);
  const isGood = place !== undefined && place.usesLeft > 0 && place.expiresAtMs > workspace.clock.nowMs();
  if (!isGood || app === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"ok":false,"error":"expired_url"}');
    return;
  }
  place.usesLeft -= 1;
  try {
    postAnswer({ workspace, rules: tools.rules, app }, place, await readBody(request));
    response.writeHead(200).end('ok');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const body = { ok: false, error: error.error, ...error.extra };
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

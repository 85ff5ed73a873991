import { spawn } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { gitEnvironment } from './run-git.ts';

export interface GitRequest {
  folder: string;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack`. */
  path: string;
  query: string;
  method: string;
  contentType: string;
  contentEncoding: string;
  protocol: string;
  body: Buffer;
  login: string;
  env: Readonly<Record<string, string>>;
}

/** Lets `git http-backend` answer (CGI, RFC 3875). Resolves when it has ended and leaves the response open; null: nobody hears it. */
export async function runHttpBackend(request: GitRequest, response: ServerResponse | null): Promise<void> {
  const child = spawn('git', ['http-backend'], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: request.folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: request.path,
      QUERY_STRING: request.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.contentType,
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: request.contentEncoding,
      GIT_PROTOCOL: request.protocol,
      REMOTE_USER: request.login,
      REMOTE_ADDR: '127.0.0.1',
      ...request.env,
    }),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.body);
  let head = Buffer.alloc(0);
  let isPastHead = false;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    if (isPastHead) {
      response?.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    isPastHead = true;
    if (response !== null) writeHead(response, head.toString('latin1', 0, end));
    response?.write(head.subarray(end + 4));
  }
  await closed;
}

function writeHead(response: ServerResponse, head: string): void {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  response.writeHead(status, headers);
}

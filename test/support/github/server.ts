import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGit, isGitPath } from './git/answer-git.ts';
import { answerLogin } from './login/answer-login.ts';
import { answerRequest } from './rest/answer-request.ts';
import type { Api } from './rest/answer-request.ts';

export interface GitHubServer {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** The stand-in's door: the API, git and the login for devices, on loopback only. */
export async function listen(api: Api, { deviceIntervalS }: { deviceIntervalS: number }): Promise<GitHubServer> {
  const server = createServer((request, response) => {
    handle(api, request, response, deviceIntervalS).catch((error: unknown) => {
      const text = `The stand-in GitHub failed: ${error instanceof Error ? error.stack : String(error)}`;
      api.violations.push(text);
      if (!response.headersSent) response.writeHead(500);
      response.end(text);
    });
  });
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

async function handle(api: Api, request: IncomingMessage, response: ServerResponse, intervalS: number): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.startsWith('/api/')) return answerRequest(api, request, response);
  if (pathname.startsWith('/login/')) return answerLogin(api.hub, pathname, { request, response, intervalS });
  if (isGitPath(pathname)) return answerGit(api, request, response);
  response.writeHead(404).end('Not Found');
}

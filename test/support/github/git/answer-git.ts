import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { findRenamed, findRepository, fullName, inTurn } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Repository, Token } from '../hub/types.ts';
import { coversRepository, isAtLeast, tokenLevel } from '../rules/access.ts';
import { branchVerdicts, verdictLines, workflowVerdicts } from '../rules/push-rules.ts';
import { afterRefChanges } from '../rules/ref-changes.ts';
import { liveToken } from '../rest/authenticate.ts';
import type { Api, RecordedCall } from '../rest/answer-request.ts';
import { readBytes } from '../rest/read-request.ts';
import { runHttpBackend } from './http-backend.ts';
import { pushedRefs } from './pushed-refs.ts';
import { listRefs } from './refs.ts';

const NOTHING = '0'.repeat(40);
const GIT_PATH = /^\/([^/]+\/[^/]+?)(?:\.git)?(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

export function isGitPath(path: string): boolean {
  return GIT_PATH.test(path);
}

/** Smart HTTP, as git speaks it to GitHub: a token as password, and the branch rules on what is pushed. */
export async function answerGit(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://localhost');
  const [, name = '', path = ''] = GIT_PATH.exec(address.pathname) ?? [];
  const isPush = (address.searchParams.get('service') ?? path).includes('git-receive-pack');
  const body = await readBytes(request);
  const token = tokenOf(api.hub, request.headers.authorization);
  const recorded: RecordedCall = {
    operation: path === '/info/refs' ? 'git/refs' : isPush ? 'git/receive-pack' : 'git/upload-pack',
    method: request.method ?? 'GET',
    path: address.pathname,
    who: token?.account.login ?? null,
    parameters: {},
    query: Object.fromEntries(address.searchParams),
    body: null,
    status: null,
    fault: null,
  };
  api.calls.push(recorded);
  const fault = api.faults.take(recorded.operation);
  recorded.fault = fault?.kind ?? null;
  if (fault?.kind === 'cut') return void request.socket.destroy();
  if (fault?.kind === 'hang') return;
  const refuse = (status: number, text: string, headers: Record<string, string> = {}): void => {
    recorded.status = status;
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
  };
  if (fault?.kind === 'status') return refuse(fault.status, fault.message);
  const place = door(api.hub, name, token, isPush);
  if ('status' in place)
    return refuse(place.status, place.text, {
      ...place.headers,
      ...(place.location === undefined ? {} : { location: `${place.location}${path}${address.search}` }),
    });
  const { repository } = place;
  recorded.status = 200;
  const isHeard = fault?.kind !== 'lose-answer' && fault?.kind !== 'hang-after';
  const run = (env: Record<string, string>) =>
    runHttpBackend(
      {
        folder: repository.folder,
        path,
        query: address.search.slice(1),
        method: recorded.method,
        contentType: request.headers['content-type'] ?? '',
        contentEncoding: request.headers['content-encoding'] ?? '',
        protocol: String(request.headers['git-protocol'] ?? ''),
        body,
        login: token?.account.login ?? '',
        env,
      },
      isHeard ? response : null,
    );
  if (path === '/git-receive-pack' && token !== null)
    await receive(api.hub, repository, token, { body, encoding: request.headers['content-encoding'], run });
  else await run({});
  // Only now, so that whoever pushed finds their pull requests moved. GitHub itself may lag behind.
  if (isHeard) response.end();
  if (fault?.kind === 'lose-answer') request.socket.destroy();
}

type Door =
  | { repository: Repository }
  | { status: number; text: string; headers?: Record<string, string>; location?: string };

function door(hub: Hub, name: string, token: Token | null, isPush: boolean): Door {
  const unknown = { status: 404, text: 'Repository not found.' };
  const repository = findRepository(hub, name);
  if (repository === undefined) {
    const renamed = findRenamed(hub, name);
    return renamed === undefined
      ? unknown
      : { status: 301, text: '', location: `${hub.baseUrl}/${fullName(renamed)}.git` };
  }
  const level = token === null ? (repository.isPrivate ? 'none' : 'read') : tokenLevel(token, repository);
  const mayRead =
    !repository.isPrivate ||
    (token !== null &&
      isAtLeast(level, 'read') &&
      coversRepository(token, repository) &&
      token.permissions.contents !== undefined);
  // Git asks again with its password only after a 401.
  if (token === null && (isPush || !mayRead))
    return { status: 401, text: 'Invalid username or token.', headers: { 'www-authenticate': 'Basic realm="GitHub"' } };
  if (!mayRead) return unknown;
  if (!isPush || token === null) return { repository };
  const mayPush =
    isAtLeast(level, 'write') && coversRepository(token, repository) && token.permissions.contents === 'write';
  if (!mayPush)
    return { status: 403, text: `Permission to ${fullName(repository)}.git denied to ${token.account.login}.` };
  if (repository.isArchived) return { status: 403, text: 'This repository was archived so it is read-only.' };
  return { repository };
}

async function receive(
  hub: Hub,
  repository: Repository,
  token: Token,
  push: { body: Buffer; encoding: string | undefined; run(env: Record<string, string>): Promise<void> },
): Promise<void> {
  await inTurn(repository, async () => {
    const refs = pushedRefs(push.encoding === 'gzip' ? gunzipSync(push.body) : push.body);
    const mayChangeWorkflows = token.permissions.workflows === 'write';
    const verdicts = [
      ...branchVerdicts(repository, token.account, refs),
      ...(mayChangeWorkflows ? [] : workflowVerdicts(token.kind === 'personal' ? 'person' : 'app', refs)),
    ];
    const before = await listRefs(repository.folder);
    await push.run({ STAND_IN_VERDICTS: verdictLines(verdicts) });
    const after = await listRefs(repository.folder);
    const changes = refs
      .map(({ ref }) => ({ ref, before: before.get(ref) ?? NOTHING, after: after.get(ref) ?? NOTHING }))
      .filter((change) => change.before !== change.after);
    await afterRefChanges(hub, repository, token.account, changes);
  });
}

/** From `Basic`: the token is the password, whatever the name. */
function tokenOf(hub: Hub, header: string | undefined): Token | null {
  const basic = /^Basic (\S+)$/i.exec(header ?? '')?.[1];
  const password =
    basic === undefined
      ? ''
      : Buffer.from(basic, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '');
  return liveToken(hub, /^bearer (\S+)$/i.exec(header ?? '')?.[1] ?? password);
}

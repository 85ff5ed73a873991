import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Hub } from '../hub/hub.ts';
import { fullName } from '../hub/hub.ts';
import { Refusal } from '../hub/refusal.ts';
import type { App, Token } from '../hub/types.ts';
import { shaOf } from '../json/accounts.ts';
import { rateLimitJson } from '../json/rate-limit.ts';
import { authenticate } from './authenticate.ts';
import { acceptedPermissions, needPermission, repositoryOf } from './authorise.ts';
import type { CallFault, CallFaults } from './call-faults.ts';
import type { Found, Router } from './find-route.ts';
import { answerGraphql } from './graphql.ts';
import { rateHeaders } from './limits.ts';
import type { RateLimits } from './limits.ts';
import { parseBody, readBytes } from './read-request.ts';
import type { Answer, Call } from './route.ts';

/** A call that somebody made. */
export interface RecordedCall {
  /** `pulls/merge`, `graphql`, `git/receive-pack`; for what the stand-in does not know, method and path. */
  operation: string;
  method: string;
  path: string;
  /** Login of the token's account, `app` for a signed call, null for nobody. */
  who: string | null;
  parameters: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  /** As sent, or as it would have been; null: nothing happened. */
  status: number | null;
  fault: CallFault['kind'] | null;
}

export interface Api {
  hub: Hub;
  router: Router;
  limits: RateLimits;
  faults: CallFaults;
  calls: RecordedCall[];
  /** What was not as GitHub describes it, on either side. A test that ends with any has found something. */
  violations: string[];
}

/** Answers one call of the REST API or GraphQL: faults first, then who it is, the limits, and what was asked for. */
export async function answerRequest(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://localhost');
  const path = unaliased(api.hub, address.pathname.replace(/^\/api(?=\/)/, ''));
  const method = request.method ?? 'GET';
  const bytes = await readBytes(request);
  const found = path === '/graphql' ? null : api.router.find(method, path);
  const operation =
    found?.operation.id ??
    (path === '/graphql' ? 'graphql' : path === '/rate_limit' ? 'rate-limit/get' : `${method} ${path}`);
  const recorded: RecordedCall = {
    operation,
    method,
    path,
    who: null,
    parameters: found?.parameters ?? {},
    query: Object.fromEntries(address.searchParams),
    body: bytes.length === 0 ? null : bytes.toString('utf8'),
    status: null,
    fault: null,
  };
  api.calls.push(recorded);
  const fault = api.faults.take(operation);
  recorded.fault = fault?.kind ?? null;
  if (fault?.kind === 'cut') return void request.socket.destroy();
  if (fault?.kind === 'hang') return;
  const answer = await answerOrRefuse(api, { request, recorded, found, bytes, fault });
  recorded.status = answer.status;
  if (fault?.kind === 'lose-answer') return void request.socket.destroy();
  if (fault?.kind === 'hang-after') return;
  if (fault?.kind === 'status-after') return send(api.hub, method, response, gatewayAnswer(fault.status));
  send(api.hub, method, response, answer);
}

function gatewayAnswer(status: number): Answer {
  return { status, body: { message: 'Server Error' }, headers: {} };
}

interface Incoming {
  request: IncomingMessage;
  recorded: RecordedCall;
  found: Found | null;
  bytes: Buffer;
  fault: CallFault | null;
}

async function answerOrRefuse(api: Api, incoming: Incoming): Promise<Answer> {
  const headers: Record<string, string> = {};
  try {
    refuseByFault(incoming.fault);
    if (incoming.request.headers['user-agent'] === undefined)
      throw new Refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
      );
    const { token, app } = authenticate(api.hub, incoming.request.headers.authorization);
    const account = token?.account.login ?? app?.slug ?? 'nobody';
    incoming.recorded.who = token?.account.login ?? (app === null ? null : 'app');
    if (incoming.recorded.path === '/rate_limit')
      return { status: 200, body: rateLimitJson(api.limits.look(account)), headers };
    const rate = api.limits.spend(account);
    Object.assign(headers, rateHeaders(rate));
    if (rate.isExceeded) throw new Refusal(api.limits.refusesWith, `API rate limit exceeded for ${account}.`);
    const answer = await run(api, incoming, token, app);
    const whole = { ...answer, headers: { ...headers, ...answer.headers } };
    return unchanged(api, account, incoming, whole);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const answerFault = incoming.found?.operation.answerFault(error.status, error.body()) ?? null;
    if (answerFault !== null) api.violations.push(`Refusal of ${answerFault}`);
    return { status: error.status, body: error.body(), headers: { ...headers, ...error.headers } };
  }
}

function refuseByFault(fault: CallFault | null): void {
  if (fault?.kind === 'status') throw new Refusal(fault.status, fault.message);
  if (fault?.kind !== 'secondary-limit') return;
  const wait: Record<string, string> = fault.retryAfterS === null ? {} : { 'retry-after': String(fault.retryAfterS) };
  throw new Refusal(
    fault.status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {},
    wait,
  );
}

async function run(
  api: Api,
  { recorded, found, bytes }: Incoming,
  token: Token | null,
  app: App | null,
): Promise<Answer> {
  const { body, list } = parseBody(bytes);
  if (recorded.operation === 'graphql') return answerGraphql(api.hub, token, body);
  if (found === null) {
    api.violations.push(`The stand-in does not know ${recorded.operation}.`);
    throw new Refusal(404, 'Not Found');
  }
  const { operation, route, parameters } = found;
  const requestFault = operation.requestFault({ parameters, query: recorded.query, body: list ?? body });
  if (requestFault !== null) {
    api.violations.push(`Request of ${operation.id}: ${requestFault}`);
    throw new Refusal(422, `Invalid request.\n\n${requestFault}`);
  }
  const call: Call = { hub: api.hub, token, app, path: recorded.path, parameters, query: recorded.query, body, list };
  const answer = await runRoute(call, route, recorded.method);
  const answerFault = operation.answerFault(answer.status, answer.body);
  if (answerFault !== null) api.violations.push(`Answer of ${answerFault}`);
  return answer;
}

async function runRoute(call: Call, route: Found['route'], method: string): Promise<Answer> {
  const { token, app } = call;
  switch (route.kind) {
    case 'open':
      return route.run(call);
    case 'token':
      if (token === null) throw new Refusal(401, 'Requires authentication');
      return route.run({ ...call, token });
    case 'app':
      if (app === null) throw new Refusal(401, 'A JSON web token could not be decoded');
      return route.run({ ...call, app });
    case 'read': {
      const repository = repositoryOf(call, method);
      needPermission(token, repository, route);
      const answer = await route.run({ ...call, repository });
      return { ...answer, headers: { ...acceptedPermissions(route.needs), ...answer.headers } };
    }
    case 'write': {
      const repository = repositoryOf(call, method);
      needPermission(token, repository, route);
      if (token === null) throw new Refusal(401, 'Requires authentication');
      const answer = await route.run({ ...call, repository, token, account: token.account });
      return { ...answer, headers: { ...acceptedPermissions(route.needs), ...answer.headers } };
    }
  }
}

/** A read that has not changed since the caller's last is a 304, and costs nothing. */
function unchanged(api: Api, account: string, { request, recorded }: Incoming, answer: Answer): Answer {
  if (recorded.method !== 'GET' || answer.status !== 200) return answer;
  const etag = `W/"${shaOf(JSON.stringify(answer.body))}"`;
  const headers = { ...answer.headers, etag };
  if (request.headers['if-none-match'] !== etag) return { ...answer, headers };
  api.limits.giveBack(account);
  return { status: 304, body: undefined, headers: { ...headers, ...rateHeaders(api.limits.look(account)) } };
}

function send(hub: Hub, method: string, response: ServerResponse, { status, body, headers }: Answer): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'x-github-request-id': String(hub.nextId()),
    'x-github-media-type': 'github.v3; format=json',
    ...headers,
  });
  response.end(method === 'HEAD' ? '' : text);
}

/** Where renamed repositories are sent on to: `/repositories/12/…`. */
function unaliased(hub: Hub, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = hub.repositories.find((one) => String(one.id) === id);
  return repository === undefined ? path : `/repos/${fullName(repository)}${rest}`;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../workspace/json.ts';
import type { SlackApp } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { readArguments } from './arguments.ts';
import type { CallFault, CallFaults } from './call-faults.ts';
import type { RateLimits } from './limits.ts';
import type { Call, Method } from './method.ts';
import { needScope } from './method.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';

/** A call that an app made. */
export interface RecordedCall {
  method: string;
  /** null: its token named no app. */
  app: string | null;
  args: Json;
  /** As sent, or as it would have been; null: nothing happened. */
  answer: Json | null;
  fault: CallFault['kind'] | null;
}

export interface Api {
  workspace: Workspace;
  methods: Readonly<Record<string, Method>>;
  limits: RateLimits;
  faults: CallFaults;
  calls: RecordedCall[];
  /** What a method works with besides its app and arguments. */
  tools: Pick<Call, 'rules' | 'publisher'>;
}

/** Answers one call of the Web API: faults first, then the token, the limits, and the method itself. */
export async function answerCall(
  api: Api,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const { token: inBody, ...args } = body;
  const token = bearer(request) ?? (typeof inBody === 'string' ? inBody : null);
  const app = [...api.workspace.apps.values()].find((one) => one.botToken === token || one.appToken === token) ?? null;
  const recorded: RecordedCall = { method: name, app: app?.name ?? null, args, answer: null, fault: null };
  api.calls.push(recorded);
  const fault = api.faults.take(name, args);
  recorded.fault = fault?.kind ?? null;
  if (fault?.kind === 'cut') return void request.socket.destroy();
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'status') return void response.writeHead(fault.status).end('The stand-in fails on request.');
  const waitS =
    fault?.kind === 'rate-limit' ? fault.retryAfterS : api.limits.spend(name, app?.id ?? '', String(args.channel));
  if (waitS !== null) {
    recorded.answer = { ok: false, error: 'ratelimited' };
    return send(response, 429, recorded.answer, { 'retry-after': String(waitS) });
  }
  recorded.answer =
    fault?.kind === 'error'
      ? { ok: false, error: fault.error, ...fault.extra }
      : answer(api, name, { app, token, args });
  if (fault?.kind === 'lose-answer') return void request.socket.destroy();
  if (fault?.kind === 'slow') await sleep(fault.byMs);
  const scopes = app === null ? '' : [...(token === app.appToken ? app.appScopes : app.scopes)].join(',');
  send(response, 200, recorded.answer, { 'x-oauth-scopes': scopes, 'x-accepted-oauth-scopes': '' });
}

function answer(
  api: Api,
  name: string,
  { app, token, args }: { app: SlackApp | null; token: string | null; args: Json },
): Json {
  try {
    const method = api.methods[name];
    if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
    if (token === null) throw new Refusal('not_authed');
    if (app === null) throw new Refusal('invalid_auth');
    if (app.isRevoked) throw new Refusal('token_revoked');
    if ((token === app.appToken) !== (method.token === 'app')) throw new Refusal('not_allowed_token_type');
    for (const scope of method.scopes)
      needScope(method.token === 'app' ? { ...app, scopes: app.appScopes } : app, scope);
    return { ok: true, ...method.run({ ...api.tools, workspace: api.workspace, app, args: readArguments(args) }) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error, ...error.extra };
    throw error;
  }
}

function bearer(request: IncomingMessage): string | null {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function send(response: ServerResponse, status: number, body: Json, headers: Record<string, string>): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { headersOf, readJson } from '#bots/receiving/listen-locally.ts';
import type { HttpAnswer } from '#bots/receiving/listen-locally.ts';
import { type BodyLimits, readBody } from '#bots/receiving/read-body.ts';
import { isSigned } from '#bots/receiving/signature.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { Inbox, TableReader } from '#src/ports/unit-of-work.ts';
import { keptDetails } from '#src/reflection/incidents/kept-details.ts';
import { faultIn, MAX_AHEAD_MS, Signal } from './signal.ts';
import type { KeptSignal } from './signal.ts';

const SIGNALS_PATH = '/signals';
/** The inbox of signals. */
export const SIGNALS = 'signals';

/** What was signed longer ago, or will only be, is refused: it may have been recorded by somebody else. */
const MAX_AGE_MS = 5 * 60_000;
/** Since 1970, as `date +%s` says it. */
const SECONDS = /^\d{10}$/;

export interface ReceiveTools {
  secret: string;
  limits: BodyLimits;
  /** How long a service has to wait, in milliseconds; 0: it may come in. */
  pace: (service: string) => number;
  inbox: Pick<Inbox, 'accept'>;
  tables: Pick<TableReader, 'find'>;
  /** Called once a signal that is new is kept. */
  onKept: () => void;
  clock: Clock;
  log: Log;
}

/** Looks at one request from the outside in: each refusal says what is wrong, and nothing of the body gets into the log. */
export async function receiveSignal(tools: ReceiveTools, request: IncomingMessage): Promise<HttpAnswer> {
  const { secret, limits, log } = tools;
  if (request.url?.split('?', 1)[0] !== SIGNALS_PATH) {
    return refusal(404, 'not-here', `Signals are taken at ${SIGNALS_PATH}.`);
  }
  if (request.method !== 'POST') {
    return { ...refusal(405, 'wrong-method', 'A signal is sent with POST.'), headers: { allow: 'POST' } };
  }
  const headers = headersOf(request);
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) {
    return closing(refusal(415, 'wrong-type', 'A signal is JSON: set the header Content-Type to application/json.'));
  }
  const { 'x-factory-signature': signature, 'x-factory-timestamp': timestamp } = headers;
  if (signature === undefined || timestamp === undefined) {
    log.warn({ surface: SIGNALS }, 'a signal without a signature was refused');
    return closing(refusal(401, 'not-signed', 'The headers X-Factory-Timestamp and X-Factory-Signature are needed.'));
  }
  const body = await readBody(request, limits);
  if (body === 'too-large') {
    return closing(refusal(413, 'too-large', `A signal has at most ${limits.maxBytes} bytes.`));
  }
  if (body === 'slow') return closing(refusal(408, 'too-slow', 'The signal took too long to arrive.'));
  if (body === 'cut') return closing(refusal(400, 'cut-off', 'The signal did not arrive whole.'));
  if (!isSigned(Buffer.concat([Buffer.from(`${timestamp}.`), body]), signature, secret)) {
    log.warn({ surface: SIGNALS }, 'a signal with a wrong signature was refused');
    const why = 'The signature is not that of the timestamp, a dot and the body with SIGNALS_SECRET.';
    return closing(refusal(401, 'wrong-signature', why));
  }
  const ageMs = tools.clock.now().getTime() - Number(timestamp) * 1000;
  if (!SECONDS.test(timestamp) || Math.abs(ageMs) > MAX_AGE_MS) {
    log.warn({ surface: SIGNALS }, 'a signal that was not signed just now was refused');
    const why = 'X-Factory-Timestamp must be the time now in seconds since 1970, give or take five minutes.';
    return refusal(401, 'wrong-time', why);
  }
  const told = readJson(body);
  if (told === undefined) return refusal(400, 'no-json', 'The body cannot be read as JSON.');
  return take(tools, told, `signal:${createHash('sha256').update(signature).digest('hex').slice(0, 32)}`);
}

/** The sender is known. */
async function take(tools: ReceiveTools, told: unknown, key: string): Promise<HttpAnswer> {
  const { clock, inbox, pace } = tools;
  const parsed = Signal.safeParse(told, { reportInput: true });
  if (!parsed.success) return refusal(422, 'wrong-signal', faultIn(parsed.error));
  const { timestamp, project, service, signal, severity, details } = parsed.data;
  const now = clock.now();
  const at = new Date(timestamp);
  if (at.getTime() > now.getTime() + MAX_AHEAD_MS) {
    return refusal(422, 'wrong-signal', 'The field "timestamp" is in the future.');
  }
  const waitMs = pace(service);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    const busy = refusal(429, 'too-many', `Too many signals came in; send it again in ${seconds} s.`);
    return { ...busy, headers: { 'retry-after': String(seconds) } };
  }
  const found = await projectOf(tools.tables, project ?? null);
  if (typeof found === 'string') return refusal(422, 'which-project', found);
  const kept: KeptSignal = {
    ...{ key, projectId: found.id, service, signal, severity },
    at: at.toISOString(),
    // Redacted before it is kept at all.
    details: keptDetails(details),
  };
  const delivery = { key, surface: SIGNALS, payload: JSON.stringify(kept), receivedAt: now.toISOString() };
  if ((await inbox.accept(delivery)) === 'duplicate') return { status: 200, body: { accepted: true, repeated: true } };
  tools.onKept();
  return { status: 202, body: { accepted: true } };
}

/** A sentence where it is not clear which one is meant. */
async function projectOf(tables: Pick<TableReader, 'find'>, slug: string | null): Promise<{ id: string } | string> {
  const [only, another] = await tables.find('projects', slug === null ? {} : { slug }, { limit: 2 });
  if (slug !== null) return only ?? 'The field "project" names no project that is here; give the slug of one.';
  if (only === undefined) return 'There is no project here yet that the signal could be of.';
  return another === undefined ? only : 'The field "project" is needed: there are several projects here.';
}

function refusal(status: number, code: string, message: string): HttpAnswer {
  return { status, body: { error: { code, message } } };
}

function closing(answer: HttpAnswer): HttpAnswer {
  return { ...answer, close: true };
}

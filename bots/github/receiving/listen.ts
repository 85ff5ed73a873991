import type { IncomingMessage } from 'node:http';
import { headersOf, listenLocally, readJson } from '#bots/receiving/listen-locally.ts';
import type { HttpAnswer, Listening } from '#bots/receiving/listen-locally.ts';
import { type BodyLimits, readBody } from '#bots/receiving/read-body.ts';
import { isSigned } from '#bots/receiving/signature.ts';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import { toldBy } from './told.ts';
import type { Told } from './told.ts';

export const WEBHOOK_PATH = '/github/webhooks';

/**
 * GitHub sends no more than 25 MB and gives up after 10 s:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
 */
const LIMITS: BodyLimits = { maxBytes: 25 * 1024 * 1024, timeoutMs: 10_000 };
/** As GitHub makes them: a GUID. */
const DELIVERY_ID = /^[0-9a-f-]{8,64}$/i;

export interface WebhookOptions {
  /** 0: any that is free. */
  port: number;
  secret: string;
  /** Durable once it returns; only then is GitHub told so. */
  accept: (told: Told) => Promise<void>;
  log: Log;
  limits?: BodyLimits;
}

/**
 * Listens for webhooks, on this machine only: whatever leads requests here from outside is the person's own. A delivery
 * is checked, kept, acknowledged and worked on, in this order. FactoryError `github-port-refused`.
 */
export async function listenForWebhooks(options: WebhookOptions): Promise<Listening> {
  const { port, secret, log } = options;
  if (secret === '') {
    throw new FactoryError('github-secret-missing', 'Webhooks of GitHub need a secret, or anybody could send them.', {
      fix: 'Make one, set it as GITHUB_WEBHOOK_SECRET and in the webhook on GitHub.',
    });
  }
  try {
    return await listenLocally({
      port,
      answer: (request) => answer(options, request),
      onFailure(error) {
        // GitHub shows it as failed; what it told is found by the next look at the issues.
        log.error({ surface: 'github', error: String(error) }, 'a delivery could not be kept');
        return { status: 503 };
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FactoryError('github-port-refused', `Port ${port} cannot be listened on: ${why}.`, {
      fix: 'Set GITHUB_WEBHOOK_PORT to a free port, and lead the webhooks of GitHub there.',
      retryable: true,
      cause,
    });
  }
}

async function answer(options: WebhookOptions, request: IncomingMessage): Promise<HttpAnswer> {
  const { secret, log, limits = LIMITS } = options;
  if (new URL(request.url ?? '/', 'http://localhost').pathname !== WEBHOOK_PATH) return { status: 404 };
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
  const { 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': signature } = headersOf(request);
  if (signature === undefined) return unsigned(log, 'a delivery without a signature was refused');
  const body = await readBody(request, limits);
  if (body === 'too-large') return { status: 413, close: true };
  if (body === 'slow') return { status: 408, close: true };
  if (body === 'cut') return { status: 400, close: true };
  if (!isSigned(body, signature, secret)) return unsigned(log, 'a delivery with a wrong signature was refused');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    log.warn({ surface: 'github' }, 'a delivery was no JSON; set the content type of the webhook to application/json');
    return { status: 415 };
  }
  if (event === undefined || id === undefined || !DELIVERY_ID.test(id)) return { status: 400 };
  const payload = readJson(body);
  if (payload === undefined) return { status: 400 };
  const told = toldBy(event, `github:${senderOf(request)}:${id}`, payload);
  if (told === null) {
    log.debug({ surface: 'github', event: event.slice(0, 60) }, 'an event that is not listened to');
    return { status: 202 };
  }
  await options.accept(told);
  return { status: 202 };
}

function unsigned(log: Log, what: string): HttpAnswer {
  log.warn({ surface: 'github' }, what);
  return { status: 401, close: true };
}

/** The app or repository that the hook belongs to. */
function senderOf(request: IncomingMessage): string {
  const target = request.headers['x-github-hook-installation-target-id'];
  return typeof target === 'string' && /^\d{1,20}$/.test(target) ? target : '';
}

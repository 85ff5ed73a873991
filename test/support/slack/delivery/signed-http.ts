import { createHmac } from 'node:crypto';
import type { Json } from '../workspace/json.ts';
import type { SlackApp } from '../workspace/types.ts';

export interface SignedRequest {
  kind: 'events_api' | 'interactive' | 'slash_commands';
  body: Json;
  retry: { attempt: number; reason: string } | null;
  /** When it says that it was sent. */
  atMs: number;
  secret: string;
  timeoutMs: number;
}

/** What the app answered; null: nothing, too late, or not a 2xx. `isFinal`: it asked for no further attempt. */
export interface HttpAnswer {
  answer: Json | null;
  status: number | null;
  isFinal: boolean;
}

export async function sendSigned(app: SlackApp, request: SignedRequest): Promise<HttpAnswer> {
  const { type, text } = encode(request);
  const timestamp = String(Math.trunc(request.atMs / 1000));
  const signature = createHmac('sha256', request.secret).update(`v0:${timestamp}:${text}`).digest('hex');
  const headers: Record<string, string> = {
    'content-type': type,
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
  if (request.retry !== null) {
    headers['x-slack-retry-num'] = String(request.retry.attempt);
    headers['x-slack-retry-reason'] = request.retry.reason;
  }
  try {
    const response = await fetch(app.requestUrl ?? '', {
      method: 'POST',
      headers,
      body: text,
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const said = await response.text();
    const isFinal = response.headers.get('x-slack-no-retry') === '1';
    return { answer: response.ok ? parse(said) : null, status: response.status, isFinal };
  } catch {
    return { answer: null, status: null, isFinal: false };
  }
}

function encode({ kind, body }: SignedRequest): { type: string; text: string } {
  if (kind === 'events_api') return { type: 'application/json', text: JSON.stringify(body) };
  const form = new URLSearchParams();
  if (kind === 'interactive') form.set('payload', JSON.stringify(body));
  else for (const [key, value] of Object.entries(body)) form.set(key, String(value));
  return { type: 'application/x-www-form-urlencoded', text: form.toString() };
}

/** A slash command may be answered with plain text. */
function parse(text: string): Json {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { text };
  }
}

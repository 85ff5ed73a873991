import { createHmac } from 'node:crypto';

export interface SignedRequest {
  url: string;
  event: string;
  deliveryId: string;
  hookId: number;
  target: { type: 'repository' | 'integration'; id: number };
  /** The body as it is signed and sent. */
  text: string;
  /** Null: it goes without a signature. */
  secret: string | null;
  timeoutMs: number;
}

/** The status that came back; null: none in time. */
export async function sendSigned(request: SignedRequest): Promise<number | null> {
  const { url, event, deliveryId, hookId, target, text, secret, timeoutMs } = request;
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/0000000',
    'x-github-delivery': deliveryId,
    'x-github-event': event,
    'x-github-hook-id': String(hookId),
    'x-github-hook-installation-target-id': String(target.id),
    'x-github-hook-installation-target-type': target.type,
  };
  if (secret !== null) {
    headers['x-hub-signature'] = `sha1=${createHmac('sha1', secret).update(text).digest('hex')}`;
    headers['x-hub-signature-256'] = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method: 'POST', headers, body: text, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';

/** `sha256=` and 64 hex digits: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether GitHub signed these very bytes with our secret. How long it takes tells nothing of the right signature. */
export function isSigned(body: Buffer, signature: string | undefined, secret: string): boolean {
  const given = SIGNATURE.exec(signature ?? '')?.[1];
  if (given === undefined) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(given, 'hex'));
}

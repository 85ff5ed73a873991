import { createHmac, timingSafeEqual } from 'node:crypto';

/** `sha256=` and 64 hex digits, as GitHub has it: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** Whether somebody who knows our secret signed these very bytes. How long it takes tells nothing of the right signature. */
export function isSigned(bytes: Buffer, signature: string | undefined, secret: string): boolean {
  const given = SIGNATURE.exec(signature ?? '')?.[1];
  if (given === undefined) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(bytes).digest(), Buffer.from(given, 'hex'));
}

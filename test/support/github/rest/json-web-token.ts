import { createVerify } from 'node:crypto';
import type { Hub } from '../hub/hub.ts';
import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';
import { Refusal } from '../hub/refusal.ts';
import type { App } from '../hub/types.ts';

/** GitHub takes a token that lives for ten minutes at most, and allows for a minute of drift. */
const MAX_LIFE_S = 600;
const DRIFT_S = 60;

/** The app that signed a JSON Web Token (RFC 7519) with RS256. Refuses with 401 and GitHub's reasons. */
export function appOfToken(hub: Hub, text: string): App {
  const undecodable = new Refusal(401, 'A JSON web token could not be decoded');
  const [head = '', claims = '', signature = ''] = text.split('.');
  if (decode(head)?.alg !== 'RS256') throw undecodable;
  const { iss, iat, exp } = decode(claims) ?? {};
  const app = hub.apps.find(({ id, clientId }) => String(iss) === String(id) || iss === clientId);
  if (app === undefined) throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer");
  const verify = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (!verify.verify(app.publicKey, signature, 'base64url')) throw undecodable;
  const nowS = hub.clock.nowMs() / 1000;
  if (typeof exp !== 'number' || exp < nowS)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > nowS + MAX_LIFE_S + DRIFT_S)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== 'number' || iat > nowS + DRIFT_S)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return app;
}

function decode(part: string): Json | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

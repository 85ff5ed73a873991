import { createSign, type KeyObject } from 'node:crypto';

/** GitHub allows ten minutes: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const LIFE_S = 9 * 60;
/** Clocks differ; GitHub asks to date it back by so much. */
const BACKDATED_S = 60;

/** A JSON Web Token (RFC 7519), signed with RS256, with which an App says who it is. */
export function signWebToken(appId: string, key: KeyObject, now: Date): string {
  const nowS = Math.floor(now.getTime() / 1000);
  const claims = { iss: appId, iat: nowS - BACKDATED_S, exp: nowS + LIFE_S - BACKDATED_S };
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

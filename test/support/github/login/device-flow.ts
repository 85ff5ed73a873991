import { randomBytes } from 'node:crypto';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import { makeToken } from '../hub/tokens.ts';
import type { Account, App } from '../hub/types.ts';

/**
 * Somebody's app asks to act as a person: it shows them a code, they enter it on GitHub
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app).
 */
export interface DeviceGrant {
  app: App;
  deviceCode: string;
  userCode: string;
  /** The person who entered it; null: nobody yet. */
  account: Account | null;
  isDenied: boolean;
  expiresAtMs: number;
  intervalS: number;
  lastAskedAtMs: number | null;
  isUsed: boolean;
}

const LIFE_S = 900;
/** So much longer to wait after each question that came too early. */
const SLOWER_BY_S = 5;

/** Answers `/login/device/code`. `intervalS`: 5 on GitHub. */
export function startGrant(hub: Hub, clientId: string, intervalS: number): Json {
  const app = hub.apps.find((one) => one.clientId === clientId);
  if (app === undefined) return { error: 'incorrect_client_credentials' };
  const letters = randomBytes(8).toString('hex').toUpperCase().slice(0, 8);
  const grant: DeviceGrant = {
    app,
    deviceCode: randomBytes(20).toString('hex'),
    userCode: `${letters.slice(0, 4)}-${letters.slice(4)}`,
    account: null,
    isDenied: false,
    expiresAtMs: hub.clock.nowMs() + LIFE_S * 1000,
    intervalS,
    lastAskedAtMs: null,
    isUsed: false,
  };
  hub.grants.push(grant);
  return {
    device_code: grant.deviceCode,
    user_code: grant.userCode,
    verification_uri: `${hub.baseUrl}/login/device`,
    expires_in: LIFE_S,
    interval: intervalS,
  };
}

/** Answers `/login/oauth/access_token`, always with a 200. */
export function claimGrant(hub: Hub, body: Json): Json {
  if (body.grant_type !== 'urn:ietf:params:oauth:grant-type:device_code') return { error: 'unsupported_grant_type' };
  const grant = hub.grants.find(({ deviceCode, isUsed }) => deviceCode === body.device_code && !isUsed);
  if (grant === undefined) return { error: 'incorrect_device_code' };
  if (grant.app.clientId !== body.client_id) return { error: 'incorrect_client_credentials' };
  const nowMs = hub.clock.nowMs();
  if (nowMs >= grant.expiresAtMs) return { error: 'expired_token' };
  const isEarly = grant.lastAskedAtMs !== null && nowMs - grant.lastAskedAtMs < grant.intervalS * 1000;
  grant.lastAskedAtMs = nowMs;
  if (isEarly) {
    grant.intervalS += SLOWER_BY_S;
    return { error: 'slow_down', interval: grant.intervalS };
  }
  if (grant.isDenied) return { error: 'access_denied' };
  if (grant.account === null) return { error: 'authorization_pending' };
  grant.isUsed = true;
  const token = makeToken(hub, {
    kind: 'user',
    account: grant.account,
    app: grant.app,
    // As the app and as the person: neither can do more than both.
    permissions: grant.app.permissions,
    repositoryIds: grant.app.repositoryIds,
    expiresAtMs: null,
  });
  return { access_token: token.value, token_type: 'bearer', scope: '' };
}

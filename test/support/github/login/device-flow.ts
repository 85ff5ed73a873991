import { randomBytes } from 'node:crypto';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import { makeToken } from '../hub/tokens.ts';
import type { Account, App, Token } from '../hub/types.ts';

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

/** What an access token can be renewed with, where the app's tokens end. */
export interface Renewal {
  refreshToken: string;
  token: Token;
  app: App;
}

const LIFE_S = 900;
/** Eight hours and six months: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens */
const USER_TOKEN_S = 28_800;
const REFRESH_TOKEN_S = 15_897_600;
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
  if (body.grant_type === 'refresh_token') return renewGrant(hub, body);
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
  return grantJson(hub, grant.account, grant.app);
}

/** A refresh token works once, and takes the access token of before with it. */
function renewGrant(hub: Hub, body: Json): Json {
  const renewal = hub.renewals.find(({ refreshToken }) => refreshToken === body.refresh_token);
  if (renewal === undefined || renewal.token.isRevoked) return { error: 'bad_refresh_token' };
  if (renewal.app.clientId !== body.client_id) return { error: 'incorrect_client_credentials' };
  renewal.token.isRevoked = true;
  return grantJson(hub, renewal.token.account, renewal.app);
}

function grantJson(hub: Hub, account: Account, app: App): Json {
  const token = makeToken(hub, {
    kind: 'user',
    account,
    app,
    // As the app and as the person: neither can do more than both.
    permissions: app.permissions,
    repositoryIds: app.repositoryIds,
    expiresAtMs: app.userTokensExpire ? hub.clock.nowMs() + USER_TOKEN_S * 1000 : null,
  });
  const granted = { access_token: token.value, token_type: 'bearer', scope: '' };
  if (!app.userTokensExpire) return granted;
  const refreshToken = `ghr_${randomBytes(18).toString('hex')}`;
  hub.renewals.push({ refreshToken, token, app });
  return {
    ...granted,
    expires_in: USER_TOKEN_S,
    refresh_token: refreshToken,
    refresh_token_expires_in: REFRESH_TOKEN_S,
  };
}

import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';

/** What lets the factory act as a person: an App's user access token. Times: ISO 8601; null: it does not end. */
export const Grant = z.strictObject({
  accessToken: z.string(),
  expiresAt: z.iso.datetime().nullable(),
  refreshToken: z.string().nullable(),
});
export type Grant = z.infer<typeof Grant>;

export interface DeviceCode {
  deviceCode: string;
  userCode: string;
  expiresAt: Date;
  /** GitHub wants no question sooner than this after the last one. */
  everyMs: number;
}

export type Claim =
  | { outcome: 'granted'; grant: Grant }
  /** `everyMs`: from now on so much between questions; null: as before. */
  | { outcome: 'pending'; everyMs: number | null }
  | { outcome: 'denied' | 'expired' }
  | { outcome: 'failed'; error: string };

/**
 * GitHub's login for programs without a browser of their own. It needs no secret, only the public id of the App:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export interface DeviceFlow {
  /** FactoryError `accounts-not-set-up` where GitHub does not offer it to this App, or `github-unreachable`. */
  begin(): Promise<DeviceCode>;
  claim(code: DeviceCode): Promise<Claim>;
  /** null: GitHub takes the refresh token no more. Both tokens of before end with it. */
  renew(refreshToken: string): Promise<Grant | null>;
}

const CALL_TIMEOUT_MS = 20_000;
const SECOND_MS = 1_000;
const CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const Refused = z.looseObject({ error: z.string(), interval: z.number().optional() });
const Code = z.looseObject({
  device_code: z.string().min(1),
  // It is shown to people.
  user_code: z.string().regex(/^[A-Z0-9-]{4,20}$/i),
  expires_in: z.number().positive(),
  interval: z.number().nonnegative(),
});
const Granted = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

export function createDeviceFlow({
  webUrl,
  clientId,
  clock,
}: {
  /** Without a slash at the end. */
  webUrl: string;
  clientId: string;
  clock: Clock;
}): DeviceFlow {
  const inSeconds = (seconds: number): Date => new Date(clock.now().getTime() + seconds * SECOND_MS);
  const ask = (path: string, fields: Readonly<Record<string, string>>): Promise<unknown> =>
    post(`${webUrl}/login/${path}`, { client_id: clientId, ...fields });
  const grantOf = (granted: z.infer<typeof Granted>): Grant => ({
    accessToken: granted.access_token,
    expiresAt: granted.expires_in === undefined ? null : inSeconds(granted.expires_in).toISOString(),
    refreshToken: granted.refresh_token ?? null,
  });

  return {
    async begin() {
      const answer = await ask('device/code', {});
      const code = Code.safeParse(answer).data;
      if (code === undefined) throw notOffered(Refused.safeParse(answer).data?.error ?? 'no code came');
      return {
        deviceCode: code.device_code,
        userCode: code.user_code,
        expiresAt: inSeconds(code.expires_in),
        everyMs: code.interval * SECOND_MS,
      };
    },
    async claim({ deviceCode }) {
      const answer = await ask('oauth/access_token', { device_code: deviceCode, grant_type: CODE_GRANT });
      const granted = Granted.safeParse(answer).data;
      if (granted !== undefined) return { outcome: 'granted', grant: grantOf(granted) };
      const { error, interval } = Refused.safeParse(answer).data ?? { error: 'no answer that can be read' };
      switch (error) {
        case 'authorization_pending':
          return { outcome: 'pending', everyMs: null };
        case 'slow_down':
          return { outcome: 'pending', everyMs: interval === undefined ? null : interval * SECOND_MS };
        case 'expired_token':
          return { outcome: 'expired' };
        case 'access_denied':
          return { outcome: 'denied' };
        default:
          return { outcome: 'failed', error };
      }
    },
    async renew(refreshToken) {
      const answer = await ask('oauth/access_token', { grant_type: 'refresh_token', refresh_token: refreshToken });
      const granted = Granted.safeParse(answer).data;
      return granted === undefined ? null : grantOf(granted);
    },
  };
}

/** GitHub refuses with 200 and an `error`. FactoryError `github-unreachable` when it does not answer. */
async function post(address: string, fields: Readonly<Record<string, string>>): Promise<unknown> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(fields),
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    if (response.status >= 500) throw new Error(`it answered ${response.status}`);
    const text = await response.text();
    return /json/i.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : {};
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FactoryError('github-unreachable', `GitHub could not be asked about an account: ${why}.`, {
      fix: 'Check the network and https://www.githubstatus.com, then try again.',
      retryable: true,
      cause,
    });
  }
}

function notOffered(error: string): FactoryError {
  return new FactoryError('accounts-not-set-up', `GitHub gives no code for linking an account: ${error}.`, {
    fix: 'Check GITHUB_CLIENT_ID, and that "Enable Device Flow" is on in the settings of that App.',
  });
}

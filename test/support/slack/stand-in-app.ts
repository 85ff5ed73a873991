import { randomUUID } from 'node:crypto';
import type { Deliveries } from './delivery/deliveries.ts';
import type { Publisher } from './delivery/publisher.ts';
import { sendSigned } from './delivery/signed-http.ts';
import type { SocketMode } from './delivery/socket-mode.ts';
import type { SlackApp } from './workspace/types.ts';
import type { Workspace } from './workspace/workspace.ts';

/** An app as a test configures Bolt with it. */
export interface StandInApp {
  id: string;
  botId: string;
  botUserId: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  scopes: Set<string>;
  events: Set<string>;
  isConnected(): boolean;
  /** From now on its events go there by signed HTTP, and not by Socket Mode. */
  sendTo(url: string): void;
  /** What Slack asks once, when an address is entered. True: the app gave the challenge back. */
  verifyUrl(): Promise<boolean>;
  /** Its tokens are no longer good. */
  revoke(): void;
  /** They are good again. */
  restore(): void;
  askToReconnect(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** The line goes dead without a word. */
  cutLine(): void;
}

interface Parts {
  workspace: Workspace;
  sockets: SocketMode;
  deliveries: Deliveries;
  publisher: Publisher;
}

export function createStandInApp(app: SlackApp, { workspace, sockets, publisher }: Parts): StandInApp {
  return {
    id: app.id,
    botId: app.botId,
    botUserId: app.botUserId,
    botToken: app.botToken,
    appToken: app.appToken,
    signingSecret: app.signingSecret,
    scopes: app.scopes,
    events: app.events,
    isConnected: () => sockets.isConnected(app),
    sendTo: (url) => void (app.requestUrl = url),
    async verifyUrl() {
      const challenge = randomUUID();
      const { answer } = await sendSigned(app, {
        kind: 'events_api',
        body: { token: app.verificationToken, challenge, type: 'url_verification' },
        retry: null,
        atMs: workspace.clock.nowMs(),
        secret: app.signingSecret,
        timeoutMs: 30_000,
      });
      return answer?.challenge === challenge || answer?.text === challenge;
    },
    revoke() {
      app.isRevoked = true;
      publisher.toApp('tokens_revoked', app, {
        type: 'tokens_revoked',
        tokens: { oauth: [], bot: [app.botUserId] },
        event_ts: workspace.clock.nextTs(),
      });
    },
    restore: () => void (app.isRevoked = false),
    askToReconnect: (reason = 'refresh_requested') => sockets.askToReconnect(app, reason),
    cutLine: () => sockets.cut(app),
  };
}

import { messageJson, repliesTo } from '../workspace/message.ts';
import { EVENT_SCOPES } from '../workspace/setup.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp, SlackChannel, SlackMessage } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Deliveries } from './deliveries.ts';

/** Tells the apps what happened: each that subscribes to it, has the scope for it, and is there. */
export interface Publisher {
  messagePosted(channel: SlackChannel, message: SlackMessage): void;
  messageChanged(channel: SlackChannel, message: SlackMessage, previous: Json): void;
  messageDeleted(channel: SlackChannel, message: SlackMessage, previous: Json): void;
  /** Anything else that happens in a channel. */
  inChannel(name: string, channel: SlackChannel, event: Json): void;
  /** To one app, wherever it is. */
  toApp(name: string, app: SlackApp, event: Json): void;
  /** To all apps. */
  everywhere(name: string, event: Json): void;
}

const CHANNEL_EVENTS = {
  public: 'message.channels',
  private: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const;
const CHANNEL_TYPES = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const;

export function createPublisher(workspace: Workspace, deliveries: Deliveries): Publisher {
  const toApp = (name: string, app: SlackApp, event: Json): void => {
    if (app.isRevoked && name !== 'tokens_revoked' && name !== 'app_uninstalled') return;
    const scope = EVENT_SCOPES[name];
    if (scope === undefined) throw new Error(`The stand-in Slack does not know the event ${name}.`);
    if (!app.events.has(name) || (scope !== null && !app.scopes.has(scope))) return;
    void deliveries.send(app, 'events_api', String(event.type), envelope(workspace, app, event));
  };
  const inChannel = (name: string, channel: SlackChannel, event: Json): void => {
    for (const app of workspace.apps.values()) if (channel.members.has(app.botUserId)) toApp(name, app, event);
  };
  const message = (channel: SlackChannel, event: Json): void =>
    inChannel(CHANNEL_EVENTS[channel.kind], channel, {
      ...event,
      channel: channel.id,
      channel_type: CHANNEL_TYPES[channel.kind],
    });

  return {
    toApp,
    inChannel,
    everywhere(name, event) {
      for (const app of workspace.apps.values()) toApp(name, app, event);
    },
    messagePosted(channel, posted) {
      const json = messageJson(workspace, channel, posted);
      message(channel, { ...json, event_ts: posted.ts });
      if (channel.kind === 'im') return;
      for (const app of workspace.apps.values()) {
        if (!posted.text.includes(`<@${app.botUserId}`) || posted.app === app) continue;
        if (!channel.members.has(app.botUserId)) continue;
        toApp('app_mention', app, { ...json, type: 'app_mention', channel: channel.id, event_ts: posted.ts });
      }
    },
    messageChanged(channel, changed, previous) {
      const ts = workspace.clock.nextTs();
      message(channel, {
        type: 'message',
        subtype: 'message_changed',
        message: messageJson(workspace, channel, changed),
        previous_message: previous,
        hidden: true,
        ts,
        event_ts: ts,
      });
    },
    messageDeleted(channel, deleted, previous) {
      if (deleted.isTombstone && repliesTo(channel, deleted.ts).length > 0) {
        this.messageChanged(channel, deleted, previous);
        return;
      }
      const ts = workspace.clock.nextTs();
      message(channel, {
        type: 'message',
        subtype: 'message_deleted',
        previous_message: previous,
        hidden: true,
        deleted_ts: deleted.ts,
        ts,
        event_ts: ts,
      });
    },
  };
}

function envelope(workspace: Workspace, app: SlackApp, event: Json): Json {
  return {
    token: app.verificationToken,
    team_id: workspace.team.id,
    context_team_id: workspace.team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: workspace.ids.next('Ev'),
    event_time: Math.trunc(workspace.clock.nowMs() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: workspace.ids.next('4-'),
  };
}

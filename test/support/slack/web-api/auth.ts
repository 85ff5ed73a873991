import type { SocketMode } from '../delivery/socket-mode.ts';
import { bot } from './method.ts';
import type { Method } from './method.ts';
import { Refusal } from './refusal.ts';

export function authMethods(sockets: SocketMode): Readonly<Record<string, Method>> {
  return {
    'auth.test': bot([], ({ workspace, app }) => ({
      url: `https://${workspace.team.domain}.slack.com/`,
      team: workspace.team.name,
      user: app.botName,
      team_id: workspace.team.id,
      user_id: app.botUserId,
      bot_id: app.botId,
      is_enterprise_install: false,
    })),
    'apps.connections.open': {
      token: 'app',
      scopes: ['connections:write'],
      run: ({ app }) => ({ url: sockets.ticketUrl(app) }),
    },
    'team.info': bot(['team:read'], ({ workspace: { team } }) => ({
      team: { ...team, email_domain: 'example.com', icon: {}, enterprise_id: null },
    })),
    'bots.info': bot(['users:read'], ({ workspace, args }) => {
      const id = args.text('bot', 'bot_not_found');
      const app = [...workspace.apps.values()].find(({ botId }) => botId === id);
      if (app === undefined) throw new Refusal('bot_not_found');
      return {
        bot: { id, deleted: false, name: app.botName, updated: 1, app_id: app.id, user_id: app.botUserId, icons: {} },
      };
    }),
  };
}

import type { Json } from '../workspace/json.ts';
import type { SlackGroup, SlackUser } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { bot, page } from './method.ts';
import type { Method } from './method.ts';
import { Refusal } from './refusal.ts';

export const USERS: Readonly<Record<string, Method>> = {
  'users.info': bot(['users:read'], ({ workspace, app, args }) => {
    const user = workspace.users.get(args.text('user', 'user_not_found'));
    if (user === undefined) throw new Refusal('user_not_found');
    return { user: userJson(workspace, user, app.scopes.has('users:read.email')) };
  }),
  'users.list': bot(['users:read'], (call) => {
    const { workspace, app } = call;
    const { items, nextCursor } = page(call, [...workspace.users.values()], { defaultSize: 200, maxSize: 1000 });
    return {
      members: items.map((user) => userJson(workspace, user, app.scopes.has('users:read.email'))),
      cache_ts: Math.trunc(workspace.clock.nowMs() / 1000),
      response_metadata: { next_cursor: nextCursor },
    };
  }),
  'usergroups.list': bot(['usergroups:read'], ({ workspace, args }) => ({
    usergroups: [...workspace.groups.values()]
      .filter(({ isDisabled }) => !isDisabled || args.flag('include_disabled', false))
      .map((group) => groupJson(workspace, group, args.flag('include_users', false))),
  })),
  'usergroups.users.list': bot(['usergroups:read'], ({ workspace, args }) => {
    const group = workspace.groups.get(args.text('usergroup', 'no_such_subteam'));
    if (group === undefined) throw new Refusal('no_such_subteam');
    // Whether Slack leaves out who was deactivated is not documented: here it does not.
    return { users: [...group.userIds] };
  }),
};

function activeMembers(workspace: Workspace, group: SlackGroup): string[] {
  return group.userIds.filter((id) => workspace.users.get(id)?.isDeleted === false);
}

function groupJson(workspace: Workspace, group: SlackGroup, withUsers: boolean): Json {
  const users = activeMembers(workspace, group);
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    name: group.handle,
    handle: group.handle,
    description: '',
    date_delete: group.isDisabled ? 1 : 0,
    user_count: users.length,
    ...(withUsers ? { users } : {}),
  };
}

export function userJson(workspace: Workspace, user: SlackUser, withEmail: boolean): Json {
  return {
    id: user.id,
    team_id: workspace.team.id,
    name: user.name,
    deleted: user.isDeleted,
    real_name: user.realName,
    tz: user.timeZone,
    tz_label: user.timeZone,
    tz_offset: user.offsetS,
    profile: {
      real_name: user.realName,
      display_name: user.displayName,
      real_name_normalized: user.realName,
      display_name_normalized: user.displayName,
      ...(withEmail && !user.isBot ? { email: user.email } : {}),
      team: workspace.team.id,
    },
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.isBot,
    is_app_user: false,
    updated: 1,
  };
}

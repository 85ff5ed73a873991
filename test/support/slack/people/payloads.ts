import { randomBytes } from 'node:crypto';
import { channelJson } from '../web-api/conversations.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp, SlackChannel, SlackUser } from '../workspace/types.ts';
import type { ResponseUrl, Workspace } from '../workspace/workspace.ts';

/** What every payload of a gesture carries: who, where from, and for which app. */
export function gesture(workspace: Workspace, app: SlackApp, user: SlackUser): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: workspace.team.id },
    team: { id: workspace.team.id, domain: workspace.team.domain },
    api_app_id: app.id,
    token: app.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** A new trigger: good for three seconds of the workspace's clock, and once. */
export function newTrigger(workspace: Workspace, app: SlackApp, user: SlackUser): string {
  const id = `${workspace.ids.next('')}.${workspace.ids.next('')}.${randomBytes(16).toString('hex')}`;
  workspace.triggers.set(id, { appId: app.id, userId: user.id, movedMs: workspace.clock.movedMs(), isUsed: false });
  return id;
}

const RESPONSE_URL_MS = 30 * 60_000;

/** An address to answer at, five times within half an hour. */
export function newResponseUrl(workspace: Workspace, said: Omit<ResponseUrl, 'usesLeft' | 'expiresAtMs'>): string {
  const id = randomBytes(12).toString('hex');
  workspace.responseUrls.set(id, { ...said, usesLeft: 5, expiresAtMs: workspace.clock.nowMs() + RESPONSE_URL_MS });
  return `${workspace.baseUrl}/response/${id}`;
}

export function channelShort(channel: SlackChannel, app: SlackApp): Json {
  const { id, name } = channelJson(channel, app);
  return { id, name: name ?? 'directmessage' };
}

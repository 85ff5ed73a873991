import type { App } from '@slack/bolt';
import * as z from 'zod';
import { cleanLine } from '#src/safety/clean-text.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';

const Membership = z.looseObject({ user: z.string(), channel: z.string() });
const Renamed = z.looseObject({ channel: z.looseObject({ id: z.string(), name: z.string() }) });
const Archived = z.looseObject({ channel: z.string() });
/** Who Slack's own doings are put down to, where it names nobody. */
const SLACK = 'slack';

/** Follows what happens to channels: what waits to be posted there goes out once it can. */
export function hearChannels(app: App, tools: SlackTools): void {
  const { desk, workspace, log } = tools;
  const reopen = (event: unknown): void => {
    const channel = Archived.safeParse(event).data?.channel;
    if (channel !== undefined) tools.reopen(channel);
  };
  const rename = async (event: unknown): Promise<void> => {
    const channel = Renamed.safeParse(event).data?.channel;
    if (channel === undefined) return;
    const place = placeOf(tools, channel.id);
    const bound = await desk.channel(place);
    if (bound === null) return;
    const { projectId, listen } = bound;
    await desk.bindChannel(SLACK, place, { projectId, listen, name: cleanLine(channel.name) });
  };
  const close = (event: unknown): void =>
    log.warn({ surface: 'slack', channel: Archived.safeParse(event).data?.channel }, 'a channel takes no posts now');

  app.event('member_joined_channel', async ({ event }) => {
    const joined = Membership.safeParse(event).data;
    if (joined !== undefined && workspace.ownUserIds.has(joined.user)) reopen(event);
  });
  app.event('member_left_channel', async ({ event }) => {
    const left = Membership.safeParse(event).data;
    if (left !== undefined && workspace.ownUserIds.has(left.user)) close(event);
  });
  app.event('channel_rename', ({ event }) => rename(event));
  app.event('group_rename', ({ event }) => rename(event));
  app.event('channel_archive', async ({ event }) => close(event));
  app.event('group_archive', async ({ event }) => close(event));
  app.event('channel_unarchive', async ({ event }) => reopen(event));
  app.event('group_unarchive', async ({ event }) => reopen(event));
}

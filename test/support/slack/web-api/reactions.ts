import type { Json } from '../workspace/json.ts';
import type { SlackMessage } from '../workspace/types.ts';
import { bot, visibleChannel } from './method.ts';
import type { Call, Method } from './method.ts';
import { Refusal } from './refusal.ts';

export const REACTIONS: Readonly<Record<string, Method>> = {
  'reactions.add': bot(['reactions:write'], (call) => {
    const { message, name, userId, event } = target(call);
    const users = message.reactions.get(name) ?? [];
    if (users.includes(userId)) throw new Refusal('already_reacted');
    message.reactions.set(name, [...users, userId]);
    event('reaction_added');
    return {};
  }),
  'reactions.remove': bot(['reactions:write'], (call) => {
    const { message, name, userId, event } = target(call);
    const users = message.reactions.get(name) ?? [];
    if (!users.includes(userId)) throw new Refusal('no_reaction');
    const left = users.filter((id) => id !== userId);
    if (left.length > 0) message.reactions.set(name, left);
    else message.reactions.delete(name);
    event('reaction_removed');
    return {};
  }),
};

interface Target {
  message: SlackMessage;
  name: string;
  userId: string;
  event(type: 'reaction_added' | 'reaction_removed'): void;
}

function target(call: Call): Target {
  const { args, app, workspace, publisher } = call;
  const channel = visibleChannel(call, args.text('channel', 'channel_not_found'));
  if (channel.isArchived) throw new Refusal('is_archived');
  if (!channel.members.has(app.botUserId)) throw new Refusal('not_in_channel');
  const name = args.text('name', 'invalid_name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new Refusal('invalid_name');
  const message = channel.messages.find(({ ts }) => ts === args.text('timestamp', 'bad_timestamp'));
  if (message === undefined) throw new Refusal('message_not_found');
  return {
    message,
    name,
    userId: app.botUserId,
    event: (type) =>
      publisher.inChannel(type, channel, {
        ...reactionJson(type, { userId: app.botUserId, name, channelId: channel.id, message }),
        event_ts: workspace.clock.nextTs(),
      }),
  };
}

export function reactionJson(
  type: string,
  { userId, name, channelId, message }: { userId: string; name: string; channelId: string; message: SlackMessage },
): Json {
  return {
    type,
    user: userId,
    reaction: name,
    item: { type: 'message', channel: channelId, ts: message.ts },
    item_user: message.userId ?? message.app?.botUserId,
  };
}

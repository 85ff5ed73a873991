import { messageJson, repliesTo } from '../workspace/message.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp, SlackChannel, SlackMessage } from '../workspace/types.ts';
import { directMessage } from '../workspace/workspace.ts';
import { bot, needScope, page, readableChannel, visibleChannel } from './method.ts';
import type { Call, Method } from './method.ts';
import { Refusal } from './refusal.ts';

export const CONVERSATIONS: Readonly<Record<string, Method>> = {
  'conversations.info': bot([], (call) => {
    const channel = readableChannel(call, 'read');
    const withCount = call.args.flag('include_num_members', false);
    return {
      channel: { ...channelJson(channel, call.app), ...(withCount ? { num_members: channel.members.size } : {}) },
    };
  }),

  'conversations.history': bot([], (call) => {
    const channel = readableChannel(call, 'history');
    const top = channel.messages.filter(({ threadTs, ts }) => threadTs === null || threadTs === ts);
    const { items, hasMore, nextCursor } = page(call, within(call, top).toReversed(), {
      defaultSize: 100,
      maxSize: 999,
    });
    return messagesAnswer(call, channel, items, hasMore, nextCursor);
  }),

  'conversations.replies': bot([], (call) => {
    const channel = readableChannel(call, 'history');
    const ts = call.args.text('ts', 'thread_not_found');
    const named = channel.messages.find((message) => message.ts === ts);
    if (named === undefined) throw new Refusal('thread_not_found');
    const root = named.threadTs ?? ts;
    const parent = channel.messages.filter((message) => message.ts === root);
    const thread = [...parent, ...within(call, repliesTo(channel, root))];
    const { items, hasMore, nextCursor } = page(call, thread, { defaultSize: 1000, maxSize: 1000 });
    return messagesAnswer(call, channel, items, hasMore, nextCursor);
  }),

  'conversations.members': bot([], (call) => {
    const channel = readableChannel(call, 'read');
    const { items, nextCursor } = page(call, [...channel.members], { defaultSize: 100, maxSize: 1000 });
    return { members: items, response_metadata: { next_cursor: nextCursor } };
  }),

  'conversations.list': bot([], (call) => {
    const { workspace, app, args } = call;
    const asked = (args.optionalText('types') ?? 'public_channel').split(',');
    for (const type of asked) needScope(app, `${SCOPES[type] ?? 'channels'}:read`);
    const seen = [...workspace.channels.values()].filter(
      (channel) =>
        asked.includes(TYPES[channel.kind]) &&
        (channel.kind === 'public' || channel.members.has(app.botUserId)) &&
        !(args.flag('exclude_archived', false) && channel.isArchived),
    );
    const { items, nextCursor } = page(call, seen, { defaultSize: 100, maxSize: 1000 });
    return {
      channels: items.map((channel) => channelJson(channel, app)),
      response_metadata: { next_cursor: nextCursor },
    };
  }),

  'conversations.join': bot(['channels:join'], (call) => {
    const channel = visibleChannel(call, call.args.text('channel', 'channel_not_found'));
    if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type');
    if (channel.isArchived) throw new Refusal('is_archived');
    const wasThere = channel.members.has(call.app.botUserId);
    channel.members.add(call.app.botUserId);
    return { channel: channelJson(channel, call.app), ...(wasThere ? { warning: 'already_in_channel' } : {}) };
  }),

  'conversations.open': bot(['im:write'], (call) => {
    const { workspace, app, args } = call;
    const users = args.text('users', 'users_list_not_supplied').split(',');
    const [userId = ''] = users;
    if (users.length > 1) throw new Refusal('too_many_users');
    const user = workspace.users.get(userId);
    if (user === undefined) throw new Refusal('user_not_found');
    if (user.isDeleted) throw new Refusal('user_disabled');
    const channel = directMessage(workspace, userId, app.botUserId);
    return { channel: args.flag('return_im', false) ? channelJson(channel, app) : { id: channel.id } };
  }),
};

const TYPES = { public: 'public_channel', private: 'private_channel', im: 'im', mpim: 'mpim' } as const;
const SCOPES: Readonly<Record<string, string>> = {
  public_channel: 'channels',
  private_channel: 'groups',
  im: 'im',
  mpim: 'mpim',
};

function within({ args }: Call, messages: readonly SlackMessage[]): SlackMessage[] {
  const oldest = args.optionalText('oldest');
  const latest = args.optionalText('latest');
  const isInclusive = args.flag('inclusive', false);
  return messages.filter(
    ({ ts }) =>
      (oldest === null || Number(oldest) === 0 || after(ts, oldest) || (isInclusive && ts === oldest)) &&
      (latest === null || after(latest, ts) || (isInclusive && ts === latest)),
  );
}

/** `ts` are too long for numbers: compared part by part. */
function after(one: string, other: string): boolean {
  const [seconds = 0, micros = 0] = one.split('.').map(Number);
  const [otherSeconds = 0, otherMicros = 0] = other.split('.').map(Number);
  return seconds > otherSeconds || (seconds === otherSeconds && micros > otherMicros);
}

function messagesAnswer(
  { workspace, args, app }: Call,
  channel: SlackChannel,
  messages: readonly SlackMessage[],
  hasMore: boolean,
  nextCursor: string,
): Json {
  const metadataFor = args.flag('include_all_metadata', false) ? app : null;
  return {
    messages: messages.map((message) => messageJson(workspace, channel, message, { metadataFor })),
    has_more: hasMore,
    pin_count: 0,
    ...(hasMore ? { response_metadata: { next_cursor: nextCursor } } : {}),
  };
}

export function channelJson(channel: SlackChannel, app: SlackApp): Json {
  const isMember = channel.members.has(app.botUserId);
  const base = { id: channel.id, created: Math.trunc(channel.createdAtMs / 1000), is_archived: channel.isArchived };
  if (channel.kind === 'im')
    return { ...base, is_im: true, user: [...channel.members].find((id) => id !== app.botUserId), is_open: true };
  return {
    ...base,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_member: isMember,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

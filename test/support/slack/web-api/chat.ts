import { messageJson, newMessage, removeMessage } from '../workspace/message.ts';
import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import { directMessage } from '../workspace/workspace.ts';
import type { SlackChannel, SlackMessage } from '../workspace/types.ts';
import { bot, needScope, visibleChannel } from './method.ts';
import type { Call, Method } from './method.ts';
import { readContent } from './message-content.ts';
import { Refusal } from './refusal.ts';

export const CHAT: Readonly<Record<string, Method>> = {
  'chat.postMessage': bot(['chat:write'], (call) => {
    const channel = writableChannel(call);
    const content = readContent(call, { isNew: true });
    const message = newMessage(call.workspace, {
      ...content,
      ...appAuthor(call),
      threadTs: threadOf(call, channel),
      metadata: readMetadata(call),
      unfurlLinks: call.args.flag('unfurl_links', true),
      unfurlMedia: call.args.flag('unfurl_media', true),
      versions: [content.text],
    });
    channel.messages.push(message);
    call.publisher.messagePosted(channel, message);
    return answer(call, channel, message);
  }),

  'chat.update': bot(['chat:write'], (call) => {
    const channel = writableChannel(call);
    const message = ownMessage(call, channel, 'cant_update_message');
    const { editWindowMs, clock } = call.workspace;
    if (editWindowMs !== null && clock.nowMs() - Number(message.ts) * 1000 > editWindowMs)
      throw new Refusal('edit_window_closed');
    const content = readContent(call, { isNew: false, old: message });
    const previous = messageJson(call.workspace, channel, message);
    Object.assign(message, content, { edited: { userId: call.app.botUserId, ts: call.workspace.clock.nextTs() } });
    if (call.args.has('metadata')) message.metadata = readMetadata(call);
    message.versions.push(content.text);
    call.publisher.messageChanged(channel, message, previous);
    return { ...answer(call, channel, message), text: message.text };
  }),

  'chat.delete': bot(['chat:write'], (call) => {
    const channel = writableChannel(call);
    const message = ownMessage(call, channel, 'cant_delete_message');
    const previous = messageJson(call.workspace, channel, message);
    removeMessage(channel, message);
    call.publisher.messageDeleted(channel, message, previous);
    return { channel: channel.id, ts: message.ts };
  }),

  'chat.postEphemeral': bot(['chat:write'], (call) => {
    const channel = writableChannel(call);
    const userId = call.args.text('user', 'user_not_found');
    if (!call.workspace.users.has(userId)) throw new Refusal('user_not_found');
    if (!channel.members.has(userId)) throw new Refusal('user_not_in_channel');
    const { text, blocks } = readContent(call, { isNew: true });
    if (call.args.has('username') || call.args.has('icon_url')) needScope(call.app, 'chat:write.customize');
    const ts = call.workspace.clock.nextTs();
    const threadTs = call.args.optionalText('thread_ts');
    call.workspace.ephemerals.push({ ts, channelId: channel.id, userId, threadTs, text, blocks, app: call.app });
    return { message_ts: ts };
  }),

  'chat.getPermalink': bot([], (call) => {
    const channel = visibleChannel(call, call.args.text('channel', 'channel_not_found'));
    const message = channel.messages.find(({ ts }) => ts === call.args.text('message_ts', 'message_not_found'));
    if (message === undefined) throw new Refusal('message_not_found');
    return { channel: channel.id, permalink: permalink(call, channel, message) };
  }),
};

function permalink({ workspace }: Call, channel: SlackChannel, message: SlackMessage): string {
  const thread = message.threadTs === null ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return `https://${workspace.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
}

/** A person's id stands for the direct message with them. */
function writableChannel(call: Call): SlackChannel {
  const id = call.args.text('channel', 'channel_not_found');
  const { workspace, app } = call;
  const person = workspace.users.get(id);
  const channel = person === undefined ? visibleChannel(call, id) : directMessage(workspace, id, app.botUserId);
  if (channel.isArchived) throw new Refusal('is_archived');
  const mayWrite =
    channel.members.has(app.botUserId) || (channel.kind === 'public' && app.scopes.has('chat:write.public'));
  if (!mayWrite) throw new Refusal('not_in_channel');
  return channel;
}

function threadOf({ args }: Call, channel: SlackChannel): string | null {
  const ts = args.optionalText('thread_ts');
  if (ts === null) return null;
  const parent = channel.messages.find((message) => message.ts === ts);
  // Slack itself is laxer here and files the reply under nothing that anybody sees.
  if (parent === undefined) throw new Refusal('thread_not_found');
  return parent.threadTs ?? ts;
}

function ownMessage({ app, args }: Call, channel: SlackChannel, notMine: string): SlackMessage {
  const ts = args.text('ts', 'message_not_found');
  const message = channel.messages.find((one) => one.ts === ts);
  if (message === undefined || message.isTombstone) throw new Refusal('message_not_found');
  if (message.app !== app) throw new Refusal(notMine);
  return message;
}

/** Another name or picture turns the message into a `bot_message`, which names no user. */
function appAuthor({ app, args }: Call): Partial<SlackMessage> {
  const username = args.optionalText('username');
  const iconUrl = args.optionalText('icon_url');
  const iconEmoji = args.optionalText('icon_emoji');
  if (username === null && iconUrl === null && iconEmoji === null) return { app, userId: app.botUserId };
  needScope(app, 'chat:write.customize');
  const icons = iconEmoji === null ? { image_48: iconUrl } : { emoji: iconEmoji };
  return {
    app,
    subtype: 'bot_message',
    username: username ?? app.botName,
    icons: iconUrl === null && iconEmoji === null ? null : icons,
  };
}

function readMetadata({ args }: Call): Json | null {
  const metadata = args.object('metadata', 'invalid_metadata_format');
  if (metadata === null) return null;
  if (typeof metadata.event_type !== 'string' || !isObject(metadata.event_payload))
    throw new Refusal('invalid_metadata_format');
  if (JSON.stringify(metadata).length > 16_000) throw new Refusal('metadata_too_large');
  return metadata;
}

function answer({ workspace, app }: Call, channel: SlackChannel, message: SlackMessage): Json {
  return {
    channel: channel.id,
    ts: message.ts,
    message: messageJson(workspace, channel, message, { metadataFor: app }),
  };
}

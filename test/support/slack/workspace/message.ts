import type { Json } from './json.ts';
import type { Workspace } from './workspace.ts';
import type { SlackApp, SlackChannel, SlackFile, SlackMessage } from './types.ts';

/** A message with nothing in it; the caller says what it is. */
export function newMessage(workspace: Workspace, said: Partial<SlackMessage>): SlackMessage {
  return {
    ts: workspace.clock.nextTs(),
    threadTs: null,
    subtype: null,
    userId: null,
    app: null,
    username: null,
    icons: null,
    text: '',
    blocks: [],
    attachments: [],
    files: [],
    metadata: null,
    clientMessageId: null,
    edited: null,
    reactions: new Map(),
    isTombstone: false,
    unfurlLinks: true,
    unfurlMedia: true,
    versions: [said.text ?? ''],
    ...said,
  };
}

export function repliesTo(channel: SlackChannel, ts: string): SlackMessage[] {
  return channel.messages.filter((message) => message.threadTs === ts && message.ts !== ts);
}

/** Takes a message away; a thread's first message leaves a tombstone while it has replies. */
export function removeMessage(channel: SlackChannel, message: SlackMessage): void {
  if (repliesTo(channel, message.ts).length === 0) {
    channel.messages.splice(channel.messages.indexOf(message), 1);
    return;
  }
  Object.assign(message, {
    isTombstone: true,
    subtype: 'tombstone',
    text: 'This message was deleted.',
    blocks: [],
    attachments: [],
    files: [],
    userId: 'USLACKBOT',
    app: null,
  });
}

/** As `conversations.history` gives it. Metadata only where it was asked for, and only the app's own. */
export function messageJson(
  workspace: Workspace,
  channel: SlackChannel,
  message: SlackMessage,
  { metadataFor = null }: { metadataFor?: SlackApp | null } = {},
): Json {
  const replies = repliesTo(channel, message.ts);
  const threadTs = message.threadTs ?? (replies.length > 0 ? message.ts : null);
  return {
    type: 'message',
    ...(message.subtype === null ? {} : { subtype: message.subtype }),
    ...(message.userId === null ? {} : { user: message.userId }),
    text: message.text,
    ts: message.ts,
    ...(message.clientMessageId === null ? {} : { client_msg_id: message.clientMessageId }),
    ...(message.app === null ? { team: workspace.team.id } : appJson(workspace, message.app, message)),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.files.length > 0
      ? { files: message.files.map((file) => fileJson(workspace, file)), upload: false, display_as_bot: false }
      : {}),
    ...(message.edited === null ? {} : { edited: { user: message.edited.userId, ts: message.edited.ts } }),
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
    ...(threadTs !== null && threadTs !== message.ts ? { parent_user_id: parentUser(channel, threadTs) } : {}),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.userId ?? reply.app?.botId))],
          latest_reply: replies.at(-1)?.ts,
          is_locked: false,
          subscribed: false,
        }
      : {}),
    ...(message.reactions.size > 0
      ? {
          reactions: [...message.reactions].map(([name, users]) => ({ name, users, count: users.length })),
        }
      : {}),
    ...(message.metadata !== null && metadataFor !== null && message.app === metadataFor
      ? { metadata: message.metadata }
      : {}),
  };
}

function parentUser(channel: SlackChannel, threadTs: string): string | undefined {
  const parent = channel.messages.find((message) => message.ts === threadTs);
  return parent?.userId ?? parent?.app?.botUserId;
}

function appJson(workspace: Workspace, app: SlackApp, message: SlackMessage): Json {
  if (message.subtype === 'bot_message')
    return {
      username: message.username,
      bot_id: app.botId,
      app_id: app.id,
      ...(message.icons === null ? {} : { icons: message.icons }),
    };
  return {
    team: workspace.team.id,
    bot_id: app.botId,
    app_id: app.id,
    bot_profile: {
      id: app.botId,
      app_id: app.id,
      user_id: app.botUserId,
      name: app.botName,
      team_id: workspace.team.id,
      deleted: false,
      updated: 1,
      icons: {},
    },
  };
}

export function fileJson(workspace: Workspace, file: SlackFile): Json {
  const url = `${workspace.baseUrl}/files-pri/${workspace.team.id}-${file.id}`;
  return {
    id: file.id,
    created: Math.trunc(file.createdAtMs / 1000),
    timestamp: Math.trunc(file.createdAtMs / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.filetype,
    user: file.userId,
    user_team: workspace.team.id,
    editable: file.mode === 'snippet',
    size: file.content.length,
    mode: file.mode,
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    url_private: `${url}/${encodeURIComponent(file.name)}`,
    url_private_download: `${url}/download/${encodeURIComponent(file.name)}`,
    permalink: `https://${workspace.team.domain}.slack.com/files/${file.userId}/${file.id}/${encodeURIComponent(file.name)}`,
    channels: [...file.channelIds],
    groups: [],
    ims: [],
    file_access: 'visible',
    ...(file.mode === 'snippet'
      ? { preview: file.content.toString('utf8').slice(0, 200), lines: countLines(file) }
      : {}),
  };
}

function countLines(file: SlackFile): number {
  return file.content.toString('utf8').split('\n').length;
}

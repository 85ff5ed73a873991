import { repliesTo } from '../workspace/message.ts';
import { objects, textOf } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { Ephemeral, SlackChannel, SlackMessage, SlackView } from '../workspace/types.ts';
import { channelNamed } from '../workspace/workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { blockLines } from './block-lines.ts';

/**
 * What a person sees in a channel, as text that can be compared: authors, words, buttons, threads, edits and reactions.
 * Without times and ids, so that it is the same in every run.
 */
export function channelTranscript(workspace: Workspace, channelName: string): string {
  const channel = channelNamed(workspace, channelName);
  const top = channel.messages.filter(({ threadTs, ts }) => threadTs === null || threadTs === ts);
  return top.map((message) => threadLines(workspace, channel, message).join('\n')).join('\n\n');
}

/** One message and the replies to it. */
export function threadTranscript(workspace: Workspace, channel: SlackChannel, message: SlackMessage): string {
  return threadLines(workspace, channel, message).join('\n');
}

export function messageText(workspace: Workspace, message: SlackMessage): string {
  return messageLines(workspace, message).join('\n');
}

export function ephemeralText(workspace: Workspace, ephemeral: Ephemeral): string {
  const readable = reader(workspace);
  return ephemeral.blocks.length > 0 ? blockLines(ephemeral.blocks, readable).join('\n') : readable(ephemeral.text);
}

export function viewText(workspace: Workspace, { view }: SlackView): string {
  const title = textOf(view.title);
  const submit = textOf(view.submit);
  return [
    ...(title === '' ? [] : [`= ${title} =`]),
    ...blockLines(objects(view.blocks), reader(workspace)),
    ...(submit === '' ? [] : [`(${submit})`]),
  ].join('\n');
}

function threadLines(workspace: Workspace, channel: SlackChannel, message: SlackMessage): string[] {
  const replies = repliesTo(channel, message.ts);
  return [
    ...messageLines(workspace, message),
    ...replies.flatMap((reply) =>
      messageLines(workspace, reply).map((line, index) => (index === 0 ? `  ↳ ${line}` : `    ${line}`)),
    ),
  ];
}

function messageLines(workspace: Workspace, message: SlackMessage): string[] {
  const readable = reader(workspace);
  const isLaidOut = message.blocks.length > 0 && message.app !== null;
  const body = isLaidOut ? blockLines(message.blocks, readable) : readable(message.text).split('\n');
  const attached = message.attachments.flatMap((attachment) => attachmentLines(attachment, readable));
  const files = message.files.map(({ name }) => `(file: ${name})`);
  const reactions = [...message.reactions].map(([name, users]) => `:${name}: ${users.length}`);
  const [first = '', ...rest] = [...body, ...attached, ...files].filter((line, index) => index === 0 || line !== '');
  const edited = message.edited === null ? '' : ' (edited)';
  return [
    `${authorName(workspace, message)}: ${first}${edited}`,
    ...rest.map((line) => `  ${line}`),
    ...(reactions.length > 0 ? [`  ${reactions.join(' ')}`] : []),
  ];
}

function attachmentLines(attachment: Json, readable: (text: string) => string): string[] {
  const own = [attachment.pretext, attachment.title, attachment.text].filter((text) => typeof text === 'string');
  return [
    ...own.flatMap((text) => readable(text).split('\n')),
    ...blockLines(objects(attachment.blocks), readable),
  ].map((line) => `| ${line}`);
}

function authorName(workspace: Workspace, { app, username, userId }: SlackMessage): string {
  if (app !== null) return `${username ?? app.botName} [app]`;
  return nameOf(workspace, userId ?? '');
}

function nameOf(workspace: Workspace, userId: string): string {
  return workspace.users.get(userId)?.displayName ?? userId;
}

/** Slack's own markup as it is shown: mentions by name, links by label. */
function reader(workspace: Workspace): (text: string) => string {
  return (text) =>
    text
      .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${nameOf(workspace, id)}`)
      .replace(/<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${workspace.groups.get(id)?.handle ?? id}`)
      .replace(/<#([CD][A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `#${workspace.channels.get(id)?.name ?? id}`)
      .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
      .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
      .replace(/<(?:https?|mailto):[^|>]+\|([^>]+)>/g, '$1')
      .replace(/<((?:https?|mailto):[^>]+)>/g, '$1')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
}

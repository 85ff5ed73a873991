import type { BlockRules } from '../blocks/block-rules.ts';
import { checkedBlocks } from '../blocks/checked-blocks.ts';
import { newMessage } from '../workspace/message.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp } from '../workspace/types.ts';
import { channelNamed } from '../workspace/workspace.ts';
import type { ResponseUrl, Workspace } from '../workspace/workspace.ts';

interface Answering {
  workspace: Workspace;
  rules: BlockRules;
  app: SlackApp;
}

/** What an app says with an acknowledgement or at a response URL: to one person, unless it asks for the channel. */
export function postAnswer(
  { workspace, rules, app }: Answering,
  { channelId, userId, threadTs, messageTs }: Pick<ResponseUrl, 'channelId' | 'userId' | 'threadTs' | 'messageTs'>,
  said: Json,
): void {
  const channel = channelNamed(workspace, channelId);
  const text = typeof said.text === 'string' ? said.text : '';
  const blocks = Array.isArray(said.blocks) ? checkedBlocks(rules, workspace, said.blocks, 'message') : [];
  const old = messageTs === null ? undefined : channel.messages.find(({ ts }) => ts === messageTs);
  if (said.delete_original === true) {
    if (old !== undefined) channel.messages.splice(channel.messages.indexOf(old), 1);
    workspace.ephemerals = workspace.ephemerals.filter(({ ts }) => ts !== messageTs);
    return;
  }
  if (said.replace_original === true && old !== undefined) {
    Object.assign(old, { text, blocks });
    old.versions.push(text);
    return;
  }
  const ts = workspace.clock.nextTs();
  if (said.response_type === 'in_channel')
    channel.messages.push(newMessage(workspace, { ts, text, blocks, app, userId: app.botUserId, threadTs }));
  else workspace.ephemerals.push({ ts, channelId, userId, threadTs, text, blocks, app });
}

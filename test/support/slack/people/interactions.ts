import type { BlockRules } from '../blocks/block-rules.ts';
import type { Deliveries, Delivery } from '../delivery/deliveries.ts';
import { appNamed, channelNamed } from '../workspace/workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { messageJson } from '../workspace/message.ts';
import { isObject, objects } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp, SlackChannel, SlackMessage, SlackUser, SlackView } from '../workspace/types.ts';
import { viewJson } from '../web-api/views.ts';
import { findElement } from './find-element.ts';
import { optionNamed } from './fill-view.ts';
import { channelShort, gesture, newResponseUrl, newTrigger } from './payloads.ts';
import { postAnswer } from './post-answer.ts';

/** Gestures that reach an app as a payload of their own. Each resolves when the app has acknowledged, or has not. */
export interface Interactions {
  /** `seen`: the message as it stood when the person looked; it may have been edited since. */
  pressMessage(user: SlackUser, ts: string, what: string, seen: readonly Json[] | null): Promise<Delivery>;
  pressView(user: SlackUser, view: SlackView, what: string, choice: string | null): Promise<Delivery>;
  command(user: SlackUser, channelName: string, text: string): Promise<Delivery>;
  globalShortcut(user: SlackUser, appName: string, callbackId: string): Promise<Delivery>;
  messageShortcut(user: SlackUser, appName: string, callbackId: string, ts: string): Promise<Delivery>;
}

export function createInteractions(workspace: Workspace, deliveries: Deliveries, rules: BlockRules): Interactions {
  const send = (app: SlackApp, payload: Json): Promise<Delivery> =>
    deliveries.send(app, 'interactive', String(payload.type), payload);

  const blockActions = (app: SlackApp, user: SlackUser, blocks: readonly Json[], what: string, rest: Json): Json => ({
    type: 'block_actions',
    ...gesture(workspace, app, user),
    trigger_id: newTrigger(workspace, app, user),
    actions: [actionJson(workspace, blocks, what, null)],
    ...rest,
  });

  return {
    pressMessage(user, ts, what, seen) {
      const { channel, message, app, blocks, threadTs } = findPressed(workspace, ts);
      const isEphemeral = message === null;
      if (isEphemeral && !workspace.ephemerals.some((one) => one.ts === ts && one.userId === user.id))
        throw new Error(`${user.name} does not see that message.`);
      return send(
        app,
        blockActions(app, user, seen ?? blocks, what, {
          container: {
            type: 'message',
            message_ts: ts,
            channel_id: channel.id,
            is_ephemeral: isEphemeral,
            ...(threadTs === null ? {} : { thread_ts: threadTs }),
          },
          channel: channelShort(channel, app),
          ...(message === null ? {} : { message: messageJson(workspace, channel, message) }),
          state: { values: {} },
          response_url: newResponseUrl(workspace, {
            appId: app.id,
            channelId: channel.id,
            userId: user.id,
            threadTs,
            messageTs: ts,
          }),
        }),
      );
    },

    pressView(user, view, what, choice) {
      const { app } = view;
      const blocks = objects(view.view.blocks);
      const payload = blockActions(app, user, blocks, what, {
        container: { type: 'view', view_id: view.id },
        view: viewJson(workspace, view),
      });
      if (choice !== null) payload.actions = [actionJson(workspace, blocks, what, choice)];
      return send(app, payload);
    },

    async command(user, channelName, line) {
      const [command = '', ...words] = line.trim().split(/\s+/);
      const app = [...workspace.apps.values()].findLast(({ commands }) => commands.has(command));
      if (app === undefined) throw new Error(`No app of the stand-in has a command ${command}.`);
      const channel = channelNamed(workspace, channelName);
      const place = { channelId: channel.id, userId: user.id, threadTs: null, messageTs: null };
      const delivery = await deliveries.send(app, 'slash_commands', command, {
        token: app.verificationToken,
        team_id: workspace.team.id,
        team_domain: workspace.team.domain,
        channel_id: channel.id,
        channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text: line.trim().slice(command.length).trim() || words.join(' '),
        api_app_id: app.id,
        is_enterprise_install: 'false',
        response_url: newResponseUrl(workspace, { appId: app.id, ...place }),
        trigger_id: newTrigger(workspace, app, user),
      });
      if (delivery.answer !== null && Object.keys(delivery.answer).length > 0)
        postAnswer({ workspace, rules, app }, place, delivery.answer);
      return delivery;
    },

    globalShortcut(user, appName, callbackId) {
      const app = appNamed(workspace, appName);
      return send(app, {
        type: 'shortcut',
        ...gesture(workspace, app, user),
        callback_id: callbackId,
        trigger_id: newTrigger(workspace, app, user),
        action_ts: workspace.clock.nextTs(),
      });
    },

    messageShortcut(user, appName, callbackId, ts) {
      const app = appNamed(workspace, appName);
      const { channel, message } = findMessage(workspace, ts);
      return send(app, {
        type: 'message_action',
        ...gesture(workspace, app, user),
        callback_id: callbackId,
        trigger_id: newTrigger(workspace, app, user),
        action_ts: workspace.clock.nextTs(),
        message_ts: ts,
        channel: channelShort(channel, app),
        message: messageJson(workspace, channel, message),
        response_url: newResponseUrl(workspace, {
          appId: app.id,
          channelId: channel.id,
          userId: user.id,
          threadTs: message.threadTs,
          messageTs: ts,
        }),
      });
    },
  };
}

/** `ts` are the workspace's own: no two channels share one. */
export function findMessage(workspace: Workspace, ts: string): { channel: SlackChannel; message: SlackMessage } {
  for (const channel of workspace.channels.values()) {
    const message = channel.messages.find((one) => one.ts === ts);
    if (message !== undefined) return { channel, message };
  }
  throw new Error(`There is no message ${ts} in the stand-in Slack.`);
}

interface Pressed {
  channel: SlackChannel;
  /** null: only its reader sees it. */
  message: SlackMessage | null;
  app: SlackApp;
  blocks: Json[];
  threadTs: string | null;
}

function findPressed(workspace: Workspace, ts: string): Pressed {
  const ephemeral = workspace.ephemerals.find((one) => one.ts === ts);
  if (ephemeral !== undefined)
    return { ...ephemeral, channel: channelNamed(workspace, ephemeral.channelId), message: null };
  const { channel, message } = findMessage(workspace, ts);
  if (message.app === null) throw new Error('A person wrote that message: it has nothing to press.');
  const attached = message.attachments.flatMap((attachment) => objects(attachment.blocks));
  return { channel, message, app: message.app, blocks: [...message.blocks, ...attached], threadTs: message.threadTs };
}

function actionJson(workspace: Workspace, blocks: readonly Json[], what: string, choice: string | null): Json {
  const { element, blockId, option } = findElement(blocks, what);
  const chosen = option ?? (choice === null ? null : optionNamed(element, choice));
  const { type, action_id: actionId, text, value, url, style } = element;
  return {
    type,
    action_id: actionId,
    block_id: blockId,
    ...(isObject(text) ? { text: { emoji: true, ...text } } : {}),
    ...(value === undefined ? {} : { value }),
    ...(url === undefined ? {} : { url }),
    ...(style === undefined ? {} : { style }),
    ...(chosen === null ? {} : { selected_option: chosen }),
    action_ts: workspace.clock.nextTs(),
  };
}

import type { BlockRules } from '../blocks/block-rules.ts';
import type { Publisher } from '../delivery/publisher.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp, SlackChannel } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Arguments } from './arguments.ts';
import { Refusal } from './refusal.ts';

/** What a method works with. */
export interface Call {
  workspace: Workspace;
  rules: BlockRules;
  publisher: Publisher;
  app: SlackApp;
  args: Arguments;
}

export interface Method {
  token: 'bot' | 'app';
  /** All of them. More are asked for in `run`, where they hang on the channel's kind. */
  scopes: readonly string[];
  run(call: Call): Json;
}

export function bot(scopes: readonly string[], run: Method['run']): Method {
  return { token: 'bot', scopes, run };
}

export function needScope(app: SlackApp, scope: string): void {
  if (app.scopes.has(scope)) return;
  throw new Refusal('missing_scope', { needed: scope, provided: [...app.scopes].join(',') });
}

const KIND_SCOPES = { public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' } as const;

/** The channel that the call names, if the app may know of it: a private one exists for its members only. */
export function readableChannel(call: Call, need: 'read' | 'history', argument = 'channel'): SlackChannel {
  const channel = visibleChannel(call, call.args.text(argument, 'channel_not_found'));
  needScope(call.app, `${KIND_SCOPES[channel.kind]}:${need}`);
  if (need === 'history' && !channel.members.has(call.app.botUserId)) throw new Refusal('not_in_channel');
  return channel;
}

export function visibleChannel({ workspace, app }: Pick<Call, 'workspace' | 'app'>, id: string): SlackChannel {
  const channel = workspace.channels.get(id);
  if (channel === undefined) throw new Refusal('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.has(app.botUserId)) throw new Refusal('channel_not_found');
  return channel;
}

/** One page of a list, with Slack's cursor: `dXNlcjo` and such is the place of the next item. */
export function page<Item>(
  { args }: Call,
  items: readonly Item[],
  { defaultSize, maxSize }: { defaultSize: number; maxSize: number },
): { items: Item[]; hasMore: boolean; nextCursor: string } {
  const size = args.whole('limit', defaultSize, maxSize);
  const cursor = args.optionalText('cursor');
  const from =
    cursor === null
      ? 0
      : Number(
          Buffer.from(cursor, 'base64')
            .toString()
            .replace(/^next:/, ''),
        );
  if (!Number.isInteger(from)) throw new Refusal('invalid_cursor');
  const hasMore = from + size < items.length;
  return {
    items: items.slice(from, from + size),
    hasMore,
    nextCursor: hasMore ? Buffer.from(`next:${from + size}`).toString('base64') : '',
  };
}

import { bot, needScope, visibleChannel } from './method.ts';
import type { Call, Method } from './method.ts';
import { Refusal } from './refusal.ts';

const STATUSES = ['active', 'processing', 'suspended', 'closed'];
/** Slack sends `date_status_processing_expire` of an hour after it was set; then nothing is at work, and there is no Stop. */
const PROCESSING_MS = 60 * 60_000;

export const AGENTS: Readonly<Record<string, Method>> = {
  'agents.sessions.setStatus': bot(['chat:write'], (call) => {
    const { workspace, app, args } = call;
    const status = args.text('status');
    if (!STATUSES.includes(status)) throw new Refusal('invalid_status');
    const title = args.optionalText('title');
    if ((title ?? '').length > 200) throw new Refusal('title_too_long');
    const username = args.optionalText('username');
    if (username !== null || args.has('icon_url') || args.has('icon_emoji')) needScope(app, 'chat:write.customize');
    const key = sessionKey(call);
    const old = workspace.sessions.get(key);
    const lapsesAtMs = workspace.clock.nowMs() + PROCESSING_MS;
    const session = {
      get status() {
        return status === 'processing' && workspace.clock.nowMs() >= lapsesAtMs ? 'active' : status;
      },
      title: old?.title ?? title,
      username: username ?? old?.username ?? null,
    };
    workspace.sessions.set(key, session);
    const warning = 'missing_agent_session_stopped_event_subscription';
    const isDeaf = !app.events.has('agent_session_stopped');
    return {
      status,
      agent_status: status,
      title: session.title ?? '',
      ...(isDeaf ? { warning, response_metadata: { warnings: [warning] } } : {}),
    };
  }),

  'agents.sessions.rename': bot(['chat:write'], (call) => {
    const session = call.workspace.sessions.get(sessionKey(call));
    if (session === undefined) throw new Refusal('session_not_found');
    session.title = call.args.text('title');
    return { title: session.title };
  }),

  'assistant.threads.setStatus': bot(['chat:write'], (call) => {
    const { workspace, args } = call;
    const status = args.optionalText('status') ?? '';
    workspace.sessions.set(sessionKey(call), { status, title: null, username: args.optionalText('username') });
    return {};
  }),
};

/** Sessions are for apps that are declared as agents, in a thread that is there, in a channel that they are in. */
function sessionKey(call: Call): string {
  const { workspace, app, args } = call;
  if (!workspace.features.agentSessions) throw new Refusal('unknown_method');
  // What Slack was seen to answer to an app that is not declared an agent; its reference names no error for it.
  if (!app.isAgent) throw new Refusal('not_authorized');
  const channel = visibleChannel(call, args.text('channel_id', 'channel_not_found'));
  if (!channel.members.has(app.botUserId)) throw new Refusal('not_in_channel');
  const ts = args.text('thread_ts', 'invalid_thread_ts');
  if (!channel.messages.some((message) => message.ts === ts)) throw new Refusal('invalid_thread_ts');
  return `${app.id}/${channel.id}/${ts}`;
}

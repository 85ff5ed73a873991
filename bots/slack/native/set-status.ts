import type { WebClient } from '@slack/web-api';
import type { PlaceThread } from '#src/ledger/place.ts';
import { callFaultOf, type CallFault } from '../call-fault.ts';
import type { Identity } from '../speakers.ts';
import type { SessionStatus } from './session-status.ts';

/** What a thread's session is to show. */
export interface SessionShown {
  thread: PlaceThread;
  status: SessionStatus['status'];
  title: string;
  identity: Identity;
}

/** What came of it. */
export type StatusSet =
  /** `isStoppable`: Slack shows its Stop button, because the app hears when it is pressed. */
  { kind: 'set'; isStoppable: boolean } | { kind: 'fault'; fault: CallFault };

/** Said beside an answer that is otherwise good: Slack then shows that work goes on, and no way to stop it. */
const DEAF = 'missing_agent_session_stopped_event_subscription';

/**
 * Tells Slack what happens in a thread; makes its session where there is none yet. Saying the same again does no harm.
 * Needs an app that is declared an agent, and a workspace that knows sessions.
 */
export async function setStatus(client: WebClient, shown: SessionShown): Promise<StatusSet> {
  const { thread, status, title, identity } = shown;
  try {
    const answer = await client.agents.sessions.setStatus({
      channel_id: thread.channel,
      thread_ts: thread.root,
      status,
      title,
      ...identity,
    });
    return { kind: 'set', isStoppable: answer.warning !== DEAF };
  } catch (error) {
    return { kind: 'fault', fault: callFaultOf(error) };
  }
}

/**
 * The app or the workspace has no sessions at all, whatever the thread. `not_authorized` is what Slack answers to an app
 * that is not declared an agent.
 */
export const noSessionErrors: ReadonlySet<string> = new Set([
  'unknown_method',
  'not_agent_app',
  'not_authorized',
  'missing_scope',
  'feature_not_enabled',
  'not_allowed_token_type',
  'method_deprecated',
  'deprecated_endpoint',
  'access_denied',
  'no_permission',
]);

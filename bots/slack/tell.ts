import type { KnownBlock } from '@slack/types';
import { callFaultOf } from './call-fault.ts';
import { drawNote } from './blocks/draw-post.ts';
import { actorsIn } from './people/actor.ts';
import type { SlackTools } from './slack-tools.ts';
import type { Identity } from './speakers.ts';

/** Where a person is told something: in a channel, and in the thread that they spoke in. */
export interface Whereabouts {
  channel: string;
  /** null: in the channel itself. */
  thread: string | null;
  user: string;
  /** Who says it; left out: the app itself. */
  as?: Identity;
}

/**
 * Says something to one person alone: a refusal, an answer to a command. It is gone when they reload, so nothing rests
 * on it; where it cannot be said it is left, and the log says so.
 */
export async function tell(
  { client, contextFor, log }: Pick<SlackTools, 'client' | 'contextFor' | 'log'>,
  { channel, thread, user, as = {} }: Whereabouts,
  text: string,
  buttons: readonly KnownBlock[] = [],
): Promise<void> {
  const note = drawNote(text, await contextFor(actorsIn(text)));
  const say = (identity: Identity) =>
    client.apiCall('chat.postEphemeral', {
      channel,
      user,
      ...(thread === null ? {} : { thread_ts: thread }),
      ...identity,
      text: note.text,
      blocks: [...note.blocks, ...buttons],
    });
  try {
    await say(as).catch((error: unknown) => {
      const fault = callFaultOf(error);
      const isUnderName = Object.keys(as).length > 0;
      if (isUnderName && fault.kind === 'refused' && fault.error === 'missing_scope') return say({});
      throw error;
    });
  } catch (error) {
    log.warn({ surface: 'slack', channel, fault: callFaultOf(error) }, 'somebody could not be told');
  }
}

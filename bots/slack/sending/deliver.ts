import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { DuePost, SurfacePosts } from '#src/ports/surface.ts';
import type { SlackMessage } from '../blocks/slack-message.ts';
import { callFaultOf, type CallFault, channelErrors, tokenErrors } from '../call-fault.ts';
import { holdsPlan } from '../native/plan-blocks.ts';
import type { PlanBlocks } from '../native/plan-blocks.ts';
import type { Identity, Speaker, SpeakerFor } from '../speakers.ts';
import { findSent, markPost, POST_METADATA } from './find-sent.ts';

export interface DeliveryTools {
  surfacePosts: Pick<SurfacePosts, 'intend' | 'sent' | 'leftOut'>;
  speakerFor: SpeakerFor;
  /** The one app's own client: it reads for all. */
  reader: WebClient;
  planBlocks: PlanBlocks;
  /** `first`: people who are awaited are called. `plans`: steps may be drawn as a plan. */
  draw(due: DuePost, first: boolean, plans: boolean): Promise<SlackMessage>;
}

/** What came of one delivery. `waits`: it stays due; nothing else goes there before. */
export type Delivered =
  | { kind: 'sent' }
  | { kind: 'left-out'; reason: string }
  | { kind: 'waits'; where: 'lane' | 'channel' | 'everywhere'; waitMs: number; reason: string };

/** Without blocks: in plain words. */
type Shown = SlackMessage | { text: string; blocks?: never };

const Sent = z.looseObject({ ts: z.string() });

const UNANSWERED_WAIT_MS = 2_000;
const CHANNEL_WAIT_MS = 60_000;
const TOKEN_WAIT_MS = 60_000;

/** Blocks that a workspace refuses are said in plain words instead. */
const blockErrors: ReadonlySet<string> = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);
/** The message cannot be changed any more. One that still asks something is said anew. */
const goneErrors: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const scopeErrors: ReadonlySet<string> = new Set(['missing_scope']);

/** Brings one post to its place: a new message, or an edit of the one that is there. Never throws for what Slack says. */
export async function deliver(tools: DeliveryTools, due: DuePost): Promise<Delivered> {
  const speaker = tools.speakerFor(due.post);
  return due.sent === null ? sayOnce(tools, due, speaker) : edit(tools, due, speaker, due.sent.messageId);
}

/** Looks first whether it is there already: how an earlier send ended may never have been seen. */
async function sayOnce(tools: DeliveryTools, due: DuePost, speaker: Speaker): Promise<Delivered> {
  const { post, place, root, intendedAt } = due;
  if (intendedAt === null) return say(tools, due, speaker);
  const { channel } = place;
  const asked = { channel, root, postId: post.id, at: intendedAt, besides: due.sent?.messageId ?? null };
  const found = await attempt(() => findSent(tools.reader, asked));
  if ('fault' in found) return waitFor(found.fault, true);
  if (found.value === null) return say(tools, due, speaker);
  await tools.surfacePosts.sent(place, post.id, found.value);
  return { kind: 'sent' };
}

async function say(tools: DeliveryTools, due: DuePost, speaker: Speaker): Promise<Delivered> {
  const { post, place, root } = due;
  await tools.surfacePosts.intend(place, post.id);
  const metadata = { event_type: POST_METADATA, event_payload: { post_id: post.id, version: post.version } };
  const draw = async (plans: boolean) => {
    const drawn = await tools.draw(due, due.sent === null, plans);
    return speaker.client === tools.reader ? drawn : markPost(post, drawn);
  };
  // Not `chat.postMessage(…)`: the type of its arguments, met with ours, is more than the compiler can unfold.
  const send = (identity: Identity, shown: Shown) =>
    speaker.client.apiCall('chat.postMessage', {
      channel: place.channel,
      ...(root === null ? {} : { thread_ts: root }),
      ...shown,
      ...identity,
      metadata,
      unfurl_links: false,
      unfurl_media: false,
    });

  let identity = speaker.identity;
  let shown: Shown = await draw(tools.planBlocks.areTried());
  let isWithoutPlan = false;
  for (;;) {
    const answer = await attempt(() => send(identity, shown));
    if (!('fault' in answer)) {
      if (isWithoutPlan && 'blocks' in shown) tools.planBlocks.refused();
      await tools.surfacePosts.sent(place, post.id, { id: Sent.parse(answer.value).ts, version: post.version });
      return { kind: 'sent' };
    }
    const { fault } = answer;
    if (isRefused(fault, blockErrors) && holdsPlan(shown) && !isWithoutPlan) {
      shown = await draw(false);
      isWithoutPlan = true;
    } else if (isRefused(fault, blockErrors) && 'blocks' in shown) shown = { text: shown.text };
    else if (isRefused(fault, scopeErrors) && Object.keys(identity).length > 0) identity = {};
    else return giveUp(tools, due, speaker, fault);
  }
}

async function edit(tools: DeliveryTools, due: DuePost, speaker: Speaker, messageId: string): Promise<Delivered> {
  const { post, place } = due;
  let message = await tools.draw(due, false, tools.planBlocks.areTried());
  const change = (shown: SlackMessage) =>
    attempt(() => speaker.client.apiCall('chat.update', { channel: place.channel, ts: messageId, ...shown }));
  let answer = await change(message);
  if ('fault' in answer && isRefused(answer.fault, blockErrors) && holdsPlan(message)) {
    message = await tools.draw(due, false, false);
    answer = await change(message);
    if (!('fault' in answer)) tools.planBlocks.refused();
  }
  if ('fault' in answer && isRefused(answer.fault, blockErrors)) answer = await change({ ...message, blocks: [] });
  if (!('fault' in answer)) {
    await tools.surfacePosts.sent(place, post.id, { id: messageId, version: post.version });
    return { kind: 'sent' };
  }
  const stillAsks = post.card.outcome === null && post.card.actions.length > 0;
  if (isRefused(answer.fault, goneErrors) && stillAsks) return sayOnce(tools, due, speaker);
  return giveUp(tools, due, speaker, answer.fault);
}

async function giveUp(tools: DeliveryTools, due: DuePost, speaker: Speaker, fault: CallFault): Promise<Delivered> {
  const isForLater =
    fault.kind !== 'refused' ||
    isRefused(fault, tokenErrors) ||
    isRefused(fault, scopeErrors) ||
    isRefused(fault, channelErrors);
  if (isForLater) return waitFor(fault, speaker.client === tools.reader);
  const reason = [fault.error, ...fault.details].join(' ');
  await tools.surfacePosts.leftOut(due.place, due.post.id, due.post.version, reason);
  return { kind: 'left-out', reason };
}

/** A persona's own app that is not let in holds up its channel only: the others still speak elsewhere. */
function waitFor(fault: CallFault, isOneApp: boolean): Delivered {
  if (fault.kind === 'busy') return { kind: 'waits', where: 'lane', waitMs: fault.waitMs, reason: 'Slack is busy' };
  if (fault.kind === 'unanswered')
    return { kind: 'waits', where: 'lane', waitMs: UNANSWERED_WAIT_MS, reason: fault.reason };
  const isToken = isOneApp && isRefused(fault, tokenErrors);
  return {
    kind: 'waits',
    where: isToken ? 'everywhere' : 'channel',
    waitMs: isToken ? TOKEN_WAIT_MS : CHANNEL_WAIT_MS,
    reason: fault.needed === null ? fault.error : `${fault.error} ${fault.needed}`,
  };
}

function isRefused(fault: CallFault, errors: ReadonlySet<string>): boolean {
  return fault.kind === 'refused' && errors.has(fault.error);
}

async function attempt<T>(call: () => Promise<T>): Promise<{ value: T } | { fault: CallFault }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: callFaultOf(error) };
  }
}

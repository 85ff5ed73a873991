import * as z from 'zod';
import { compareOrder } from '#bots/receiving/compare-order.ts';
import type { ChatThreadRow } from '#src/ledger/rows.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { ConversationStore, TableReader } from '#src/ports/unit-of-work.ts';
import { callFaultOf, channelErrors } from '../call-fault.ts';
import type { SlackTools } from '../slack-tools.ts';
import { missedChanges } from './missed-changes.ts';
import type { MissedChanges } from './missed-changes.ts';
import { readChannel, readThread } from './read-thread.ts';

/** Threads that began earlier and channels that were silent for so long are not looked through. */
const THREAD_DAYS = 14;
const MAX_DOWN_HOURS = 24;
/** Slack's clock and ours may differ. What is read twice has no effect. */
const SKEW_MS = 2 * 60_000;
const MAX_CHANNELS = 100;
/** Ideas whose whole threads are looked through for what changed, the newest first. */
const MAX_THREADS = 50;
const RETRY_MS = 60_000;
const HOUR_MS = 60 * 60_000;

/** The emoji that takes a thread in. */
const FACTORY = 'factory';
/** Who it is put down to that words are gone, for Slack does not say who took them back. */
const SLACK = 'slack';

const Top = z.looseObject({
  ts: z.string(),
  latest_reply: z.string().optional(),
  reactions: z.array(z.looseObject({ name: z.string(), users: z.array(z.string()).default([]) })).default([]),
});

export interface CatchUp extends Pick<Rounds, 'settle' | 'stop'> {
  /** Something came in, so the line was up. */
  heard(): void;
  /** The line is up again: reads what was said while it was down. */
  reconnected(): void;
}

/**
 * Slack does not keep what happens while nobody is connected. After a start, and whenever the line is up again, the
 * channels that the factory works in are read from where it last heard of them, and what was said there is accepted like
 * any delivery. Reading goes back a day at most. So is what people changed or took back in the threads of ideas, and a
 * 🏭 on what was said lately; other reactions, and edits below a task's card, are not to be seen afterwards.
 */
export function startCatchUp(
  tools: SlackTools,
  {
    tables,
    conversations,
    accept,
  }: {
    tables: Pick<TableReader, 'find'>;
    conversations: Pick<ConversationStore, 'get'>;
    accept: (body: unknown) => Promise<void>;
  },
): CatchUp {
  const { clock, log, workspace, stopping } = tools;
  const now = () => clock.now().getTime();
  let lastUpMs = now();
  /** From when on is to be read; null: nothing is. */
  let fromMs: number | null = null;
  let isFirst = true;

  const round = async (): Promise<void> => {
    const here = { surface: 'slack' as const, team: workspace.teamId };
    if (!isFirst && fromMs === null) return;
    const threads = await tables.find('chat_threads', here);
    const bound = await tables.find('project_channels', here);
    const roots = new Set(threads.map(({ channel, root }) => `${channel}/${root}`));
    const channels = [...new Set([...bound, ...threads].map(({ channel }) => channel))].slice(0, MAX_CHANNELS);
    const lastRootMs = Math.max(0, ...threads.map(({ root }) => Number(root) * 1000));
    // The first time: since the last thread that is known. Without one there is nothing to go on from.
    const from = isFirst ? (lastRootMs === 0 ? null : lastRootMs) : fromMs;
    if (from !== null) {
      const sinceMs = Math.max(from - SKEW_MS, now() - MAX_DOWN_HOURS * HOUR_MS);
      for (const channel of channels) {
        const { said, marked } = await saidSince(tools, channel, sinceMs);
        for (const one of said) if (!roots.has(`${channel}/${one.ts}`)) await accept(deliveryOf(channel, one));
        for (const mark of marked) if (!roots.has(`${channel}/${mark.ts}`)) await accept(reactionOf(channel, mark));
      }
      await changedSince(threads, tsOf(sinceMs));
    }
    if (isFirst) isFirst = false;
    else if (fromMs === from) fromMs = null;
  };
  const changedSince = async (threads: readonly ChatThreadRow[], since: string): Promise<void> => {
    const oldest = tsOf(now() - THREAD_DAYS * 24 * HOUR_MS);
    const lately = threads
      .filter(({ root }) => compareOrder(root, oldest) > 0)
      .toSorted((a, b) => compareOrder(b.root, a.root));
    for (const thread of lately.slice(0, MAX_THREADS)) {
      const { edited, takenBack } = await changesIn(thread, since);
      for (const one of edited) await accept(editOf(thread.channel, one));
      const idea = { kind: 'idea' as const, id: thread.conversationId };
      for (const originId of takenBack) await tools.desk.changeWords(SLACK, idea, originId, null);
    }
  };
  /** Where we may not read, nothing changed as far as we can tell. */
  const changesIn = async (thread: ChatThreadRow, since: string): Promise<MissedChanges> => {
    try {
      return await missedChanges(tools, { conversations, thread, since });
    } catch (error) {
      if (stopping.aborted) throw error;
      const fault = callFaultOf(error);
      if (fault.kind === 'refused' && channelErrors.has(fault.error)) return { edited: [], takenBack: [] };
      throw error;
    }
  };
  const rounds = keepGoing({
    round,
    everyMs: RETRY_MS,
    onError: (error) =>
      log.error({ surface: 'slack', error: String(error) }, 'what was said meanwhile could not be read; tried again'),
  });
  return {
    heard: () => void (lastUpMs = now()),
    reconnected() {
      fromMs = Math.min(fromMs ?? lastUpMs, lastUpMs);
      lastUpMs = now();
      rounds.nudge();
    },
    settle: () => rounds.settle(),
    stop: () => rounds.stop(),
  };
}

interface Since {
  /** Oldest first. */
  said: ({ ts: string } & Record<string, unknown>)[];
  /** Messages with a 🏭 of somebody. */
  marked: Mark[];
}

interface Mark {
  ts: string;
  user: string;
}

/** What was said in a channel and in its threads, and what was marked there. */
async function saidSince(tools: SlackTools, channel: string, sinceMs: number): Promise<Since> {
  const oldest = tsOf(tools.clock.now().getTime() - THREAD_DAYS * 24 * HOUR_MS);
  const since = tsOf(sinceMs);
  const found = new Map<string, { ts: string } & Record<string, unknown>>();
  const keep = (message: unknown): void => {
    const said = Top.safeParse(message).data;
    if (said !== undefined && compareOrder(said.ts, since) > 0) found.set(said.ts, said);
  };
  const marked: Mark[] = [];
  // Slack does not say when a reaction was made, so those on older words may be as old.
  const markable = tsOf(sinceMs - MAX_DOWN_HOURS * HOUR_MS);
  for (const message of await readChannel(tools, { channel, after: oldest })) {
    keep(message);
    const top = Top.safeParse(message).data;
    if (top !== undefined && compareOrder(top.ts, markable) > 0) marked.push(...marksOn(tools, top));
    if (top?.latest_reply === undefined || compareOrder(top.latest_reply, since) <= 0) continue;
    for (const reply of (await readThread(tools, { channel, root: top.ts, after: since })) ?? []) keep(reply);
  }
  return { said: [...found.values()].toSorted((a, b) => compareOrder(a.ts, b.ts)), marked };
}

function marksOn({ workspace }: SlackTools, { ts, reactions }: z.infer<typeof Top>): Mark[] {
  const users = reactions.find(({ name }) => name === FACTORY)?.users ?? [];
  const user = users.find((one) => !workspace.ownUserIds.has(one));
  return user === undefined ? [] : [{ ts, user }];
}

function tsOf(atMs: number): string {
  return (atMs / 1000).toFixed(6);
}

/** As Slack would have brought it. */
function deliveryOf(channel: string, said: { ts: string } & Record<string, unknown>) {
  return {
    type: 'event_callback',
    event_id: `caught-up/${channel}/${said.ts}`,
    event: { ...said, type: 'message', channel },
  };
}

function editOf(channel: string, { ts, editedAt, message }: MissedChanges['edited'][number]) {
  return {
    type: 'event_callback',
    event_id: `caught-up/${channel}/${ts}/edited/${editedAt}`,
    event: { type: 'message', subtype: 'message_changed', channel, message, ts: editedAt, event_ts: editedAt },
  };
}

function reactionOf(channel: string, { ts, user }: Mark) {
  return {
    type: 'event_callback',
    event_id: `caught-up/${channel}/${ts}/${FACTORY}/${user}`,
    event: { type: 'reaction_added', reaction: FACTORY, user, item: { type: 'message', channel, ts } },
  };
}

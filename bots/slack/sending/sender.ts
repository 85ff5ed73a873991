import type { Clock } from '#src/ports/clock.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { DuePost, SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { deliver } from './deliver.ts';
import type { Delivered, DeliveryTools } from './deliver.ts';
import type { Pace } from './pace.ts';

const POLL_MS = 1_000;
const BATCH = 100;
/** After an error of our own, as of the database. */
const FAILED_WAIT_MS = 2_000;
/** One lane for all edits: their limit is the workspace's, not a channel's. */
const EDITS = 'edits';

export interface SenderTools extends DeliveryTools {
  surfacePosts: SurfacePosts;
  /** Only one process sends at a time. */
  withLock: UnitOfWork['withLock'];
  pace: Pace;
  clock: Clock;
  log: Log;
}

export interface Sender extends Rounds {
  /** A channel that would take nothing is tried again at once: somebody let us in. */
  reopen(channel: string): void;
}

/**
 * Carries posts to Slack: in each channel one after the other and in their order, channels beside each other. What waits
 * (a busy Slack, a channel that we are not in) stays due and holds up only what comes after it there.
 */
export function startSender(tools: SenderTools): Sender {
  const { surfacePosts, pace, clock, log } = tools;
  const closed = new Map<string, number>();
  let wake: { timer: NodeJS.Timeout; at: number } | null = null;
  let stopped = false;
  const now = () => clock.now().getTime();

  const nudgeIn = (waitMs: number): void => {
    const at = now() + waitMs;
    if (wake !== null && wake.at <= at) return;
    if (wake !== null) clearTimeout(wake.timer);
    const timer = setTimeout(() => {
      wake = null;
      rounds.nudge();
    }, waitMs);
    wake = { timer, at };
  };
  const rest = (lane: string, waitMs: number): void => {
    pace.rest(lane, waitMs);
    nudgeIn(waitMs);
  };
  const close = (where: string, waitMs: number): void => {
    closed.set(where, now() + waitMs);
    nudgeIn(waitMs);
  };
  const isClosed = (where: string): boolean => now() < (closed.get(where) ?? 0);
  const isOver = (): boolean => stopped || isClosed(ALL);

  /** Whether its lane takes more. */
  const tell = (due: DuePost, lane: string, delivered: Delivered): boolean => {
    const { channel } = due.place;
    const fields = { surface: 'slack', channel, post: due.post.id };
    if (delivered.kind === 'sent') return true;
    const { reason } = delivered;
    if (delivered.kind === 'left-out') {
      log.error({ ...fields, reason }, 'Slack refused a post');
      return true;
    }
    const { where, waitMs } = delivered;
    if (where === 'lane') rest(lane, waitMs);
    else close(where === 'channel' ? channel : ALL, waitMs);
    if (where === 'everywhere') log.error({ ...fields, reason }, 'Slack does not let the app in; all posts wait');
    else log.warn({ ...fields, reason }, 'Slack did not take a post; it is tried again');
    return false;
  };

  const deliverOne = async (due: DuePost, lane: string): Promise<boolean> => {
    try {
      return tell(due, lane, await deliver(tools, due));
    } catch (error) {
      log.error({ surface: 'slack', post: due.post.id, error: String(error) }, 'a post could not be sent; tried again');
      rest(lane, FAILED_WAIT_MS);
      return false;
    }
  };

  /** Whether something was sent. An edit that waits holds up nothing; a post holds up the posts after it. */
  const inChannel = async (channel: string, dues: readonly DuePost[]): Promise<boolean> => {
    let moved = false;
    let isHeld = false;
    for (const due of dues) {
      if (isOver() || isClosed(channel)) return moved;
      if (isHeld && due.sent === null) continue;
      const [lane, kind] = due.sent === null ? ([channel, 'post'] as const) : ([EDITS, 'update'] as const);
      const waitMs = pace.take(lane, kind);
      if (waitMs > 0) nudgeIn(waitMs);
      const isSent = waitMs === 0 && (await deliverOne(due, lane));
      if (isSent) moved = true;
      else if (kind === 'post') isHeld = true;
    }
    return moved;
  };

  const send = async (): Promise<void> => {
    // Where nothing moves is left out for the rest of the round: what is due there must not hide what is due elsewhere.
    const still = new Set([...closed.keys()].filter(isClosed));
    while (!isOver()) {
      const dues = await surfacePosts.due('slack', BATCH, [...still]);
      if (dues.length === 0) return;
      const channels = Map.groupBy(dues, ({ place }) => place.channel);
      await Promise.all(
        [...channels].map(async ([channel, mine]) => {
          if (!(await inChannel(channel, mine))) still.add(channel);
        }),
      );
    }
  };

  const rounds = keepGoing({
    everyMs: POLL_MS,
    round: async () => void (await tools.withLock('surface:slack', send)),
    onError: (error) => log.error({ surface: 'slack', error: String(error) }, 'posts could not be sent; tried again'),
  });
  return {
    ...rounds,
    reopen(channel) {
      closed.delete(channel);
      rounds.nudge();
    },
    async stop() {
      stopped = true;
      if (wake !== null) clearTimeout(wake.timer);
      await rounds.stop();
    },
  };
}

/** Stands for every channel. */
const ALL = '*';

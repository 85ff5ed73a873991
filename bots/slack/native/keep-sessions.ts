import type { WebClient } from '@slack/web-api';
import { endedStatuses, hasEnded, taskStatuses } from '#src/code-factory/task-status.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { type CallFault, tokenErrors } from '../call-fault.ts';
import type { Pace } from '../sending/pace.ts';
import type { Identity } from '../speakers.ts';
import { sessionStatusOf, sessionTitle } from './session-status.ts';
import type { SessionStatus } from './session-status.ts';
import { noSessionErrors, setStatus } from './set-status.ts';

export interface SessionTools {
  /** The one app's own client: the session of a thread is the app's, whoever works. */
  client: WebClient;
  team: string;
  identityOf(persona: PersonaName): Identity;
  surfacePosts: Pick<SurfacePosts, 'rootOf'>;
  tables: UnitOfWork['tables'];
  /** Only one process sets them at a time. */
  withLock: UnitOfWork['withLock'];
  pace: Pace;
  clock: Clock;
  log: Log;
}

export interface Sessions extends Rounds {
  /** Somebody did something to a task's session in Slack: whatever it shows, what is true is set again. */
  again(taskId: string): void;
}

const POLL_MS = 2_000;
/** Slack lets `processing` lapse an hour after it was set, and the Stop button with it. */
const LAPSES_AFTER_MS = 60 * 60_000;
const SET_AGAIN_AFTER_MS = LAPSES_AFTER_MS / 2;
/** Tasks that ended shortly before the start: whether their sessions were closed is not known. */
const LATELY_ENDED = 100;
/** A task that has no thread in Slack is not looked for in every round, unless it moved so lately that one may be coming. */
const THREADLESS_WAIT_MS = 60_000;
const UNANSWERED_WAIT_MS = 2_000;
const TOKEN_WAIT_MS = 60_000;
/** One lane: the limit is the app's, not a channel's. `agents.sessions.setStatus` is of tier 3, as `chat.update` is. */
const LANE = 'sessions';

/** What a session was set to, and when. */
interface Known extends SessionStatus {
  atMs: number;
}

/**
 * Keeps Slack's own status of each task's thread at what is true of the task: compared in every round, set where it
 * differs. What was set is known to this process only, so after a start all is set once more. A workspace or an app
 * without sessions is asked once, then left alone until the next start. Nothing here holds up posts.
 */
export function keepSessions(tools: SessionTools): Sessions {
  const { client, team, identityOf, surfacePosts, tables, pace, clock, log } = tools;
  const known = new Map<string, Known>();
  /** Tasks whose session may be open. */
  const open = new Set<string>();
  const threadlessUntil = new Map<string, number>();
  let isFirst = true;
  let isAway = false;
  let mayRename = true;
  let isDeafTold = false;
  let stopped = false;
  let wake: NodeJS.Timeout | null = null;
  const nowMs = () => clock.now().getTime();

  const nudgeIn = (waitMs: number): void => {
    if (wake !== null) clearTimeout(wake);
    wake = setTimeout(() => rounds.nudge(), waitMs);
  };

  const look = async (): Promise<StoryTaskRow[]> => {
    const tasks = await tables.find('story_tasks', { state: taskStatuses.filter((status) => !hasEnded(status)) });
    const ended = isFirst
      ? await tables.find('story_tasks', { state: endedStatuses }, { orderBy: '-endedAt', limit: LATELY_ENDED })
      : await endedOf(tasks);
    const lately = nowMs() - LAPSES_AFTER_MS;
    return [...tasks, ...ended.filter(({ id, endedAt }) => open.has(id) || Date.parse(endedAt ?? '') > lately)];
  };
  const endedOf = async (tasks: readonly StoryTaskRow[]): Promise<StoryTaskRow[]> => {
    const left = [...open].filter((id) => tasks.every((task) => task.id !== id));
    return left.length === 0 ? [] : tables.find('story_tasks', { id: left });
  };

  const isShown = (taskId: string, wanted: SessionStatus): boolean => {
    const shown = known.get(taskId);
    if (shown === undefined || shown.status !== wanted.status || shown.persona !== wanted.persona) return false;
    return wanted.status !== 'processing' || nowMs() < shown.atMs + SET_AGAIN_AFTER_MS;
  };

  /** Whether others can be set now. */
  const show = async (task: StoryTaskRow, wanted: SessionStatus): Promise<boolean> => {
    if (nowMs() < (threadlessUntil.get(task.id) ?? 0)) return true;
    threadlessUntil.delete(task.id);
    const thread = await surfacePosts.rootOf('slack', { kind: 'task', id: task.id });
    if (thread === null || thread.team !== team) {
      const rests = nowMs() - Date.parse(task.updatedAt) > THREADLESS_WAIT_MS;
      if (rests) threadlessUntil.set(task.id, nowMs() + THREADLESS_WAIT_MS);
      return true;
    }
    const waitMs = pace.take(LANE, 'update');
    if (waitMs > 0) {
      nudgeIn(waitMs);
      return false;
    }
    const identity = mayRename ? identityOf(wanted.persona) : {};
    const came = await setStatus(client, { thread, status: wanted.status, title: sessionTitle(task), identity });
    if (came.kind === 'fault') return yieldTo(came.fault, task, wanted, Object.keys(identity).length > 0);
    known.set(task.id, { ...wanted, atMs: nowMs() });
    if (!came.isStoppable && !isDeafTold) {
      log.warn({ surface: 'slack' }, 'Slack shows no Stop button: the app does not subscribe to agent_session_stopped');
      isDeafTold = true;
    }
    return true;
  };
  const yieldTo = async (
    fault: CallFault,
    task: StoryTaskRow,
    wanted: SessionStatus,
    wasNamed: boolean,
  ): Promise<boolean> => {
    const facts = { surface: 'slack', task: task.id, fault };
    if (fault.kind !== 'refused' || tokenErrors.has(fault.error)) {
      log.debug(facts, 'Slack did not take a status; it is tried again');
      const waitMs =
        fault.kind === 'busy' ? fault.waitMs : fault.kind === 'unanswered' ? UNANSWERED_WAIT_MS : TOKEN_WAIT_MS;
      pace.rest(LANE, waitMs);
      nudgeIn(waitMs);
      return false;
    }
    if (fault.error === 'missing_scope' && wasNamed) {
      mayRename = false;
      return show(task, wanted);
    }
    if (noSessionErrors.has(fault.error)) {
      log.debug(facts, 'Slack has no native status for this app; it is left alone until the next start');
      isAway = true;
      return false;
    }
    // This thread has none, as in a channel that we are not in. Tried again when the task moves on.
    log.debug(facts, 'Slack takes no status for a thread');
    known.set(task.id, { ...wanted, atMs: nowMs() });
    return true;
  };

  const round = async (): Promise<void> => {
    const begun = (await look()).flatMap((task) => {
      const wanted = sessionStatusOf(task);
      return wanted === null ? [] : [{ task, wanted }];
    });
    isFirst = false;
    for (const { task } of begun) open.add(task.id);
    for (const { task, wanted } of begun) {
      if (stopped) return;
      if (!isShown(task.id, wanted) && !(await show(task, wanted))) return;
      if (wanted.status !== 'closed') continue;
      open.delete(task.id);
      known.delete(task.id);
      threadlessUntil.delete(task.id);
    }
  };

  const rounds = keepGoing({
    everyMs: POLL_MS,
    round: async () => {
      if (!isAway) await tools.withLock('surface:slack-sessions', round);
    },
    onError: (error) => log.error({ surface: 'slack', error: String(error) }, 'statuses could not be set; tried again'),
  });
  return {
    ...rounds,
    again(taskId) {
      known.delete(taskId);
      open.add(taskId);
      rounds.nudge();
    },
    async stop() {
      stopped = true;
      if (wake !== null) clearTimeout(wake);
      await rounds.stop();
    },
  };
}

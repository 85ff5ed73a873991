import { LogLevel, WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { keepSessions } from '#bots/slack/native/keep-sessions.ts';
import type { Sessions, SessionTools } from '#bots/slack/native/keep-sessions.ts';
import { createPace, slackPace } from '#bots/slack/sending/pace.ts';
import { identityOf } from '#bots/slack/speakers.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Log } from '#src/ports/log.ts';
import { createFakeLine, createProject, passOn } from '#test/code-factory/floor.ts';
import type { Stunt } from '#test/code-factory/floor.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { SlackOptions } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';

type Options = SlackOptions<'ana', 'workbench', 'ideas'>;

/** A task of a line that does nothing, its thread in a stand-in Slack, and time that stands until it is moved on. */
export async function openSessions(store: TestStore, options: Options = {}) {
  const { unitOfWork } = store;
  let nowMs = Date.now();
  const clock = { now: () => new Date(nowMs) };
  const slack = await startSlack<'ana', 'workbench', 'ideas'>({ people: { ana: {} }, readMs: () => nowMs, ...options });
  onTestFinished(() => slack.close());
  const client = new WebClient(slack.apps.workbench.botToken, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  const logged: { level: string; message: string }[] = [];
  const write = (level: string) => (_fields: Record<string, unknown>, message: string) =>
    void logged.push({ level, message });
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const project = await createProject(unitOfWork);
  const roots = new Map<string, string>();
  const calls = () => slack.callsTo('agents.sessions.setStatus');
  const session = (taskId: string) =>
    [...slack.sessions()].find(([key]) => key.endsWith(`/${roots.get(taskId) ?? 'nowhere'}`))?.[1] ?? null;

  return {
    slack,
    logged,
    calls,
    advance: (byMs: number) => void (nowMs += byMs),
    /** Commits a story; its task has a thread in Slack. */
    async commit(title?: string): Promise<string> {
      const taskId = await project.commit(title === undefined ? {} : { title });
      roots.set(taskId, slack.people.ana.say('ideas', taskId).ts);
      return taskId;
    },
    /** What Slack shows on the task's thread, and under whose name. */
    shown: (taskId: string) => session(taskId)?.status ?? null,
    whose: (taskId: string) => session(taskId)?.username ?? null,
    titled: (taskId: string) => session(taskId)?.title ?? null,
    /** Works until this step begins, which then hangs. `goOn` lets it end, and waits for what comes after. */
    async workUntil(taskId: string, step: StepName) {
      const gate = Promise.withResolvers<void>();
      let isThere = false;
      const hang: Stunt = async ({ signal }, done) => {
        isThere = true;
        await Promise.race([
          gate.promise,
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
        ]);
        return done();
      };
      const pass = passOn(unitOfWork, createFakeLine({ [step]: hang }).steps)(taskId);
      await waitFor(() => isThere);
      const goOn = async (): Promise<void> => {
        gate.resolve();
        await pass;
      };
      onTestFinished(goOn);
      return { goOn };
    },
    start(parts: Partial<SessionTools> = {}): Sessions {
      const sessions = keepSessions({
        client,
        team: slack.team.id,
        identityOf: (persona) => identityOf(persona, null),
        surfacePosts: {
          async rootOf(surface, { kind, id }) {
            const root = kind === 'task' ? roots.get(id) : undefined;
            return root === undefined ? null : { surface, team: slack.team.id, channel: slack.channels.ideas, root };
          },
        },
        tables: unitOfWork.tables,
        withLock: unitOfWork.withLock,
        pace: createPace(clock, { ...slackPace, updateEveryMs: 1, updateBurst: 1_000 }),
        clock,
        log,
        ...parts,
      });
      onTestFinished(() => sessions.stop());
      return sessions;
    },
  };
}

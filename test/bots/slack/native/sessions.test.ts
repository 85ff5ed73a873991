import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPace, slackPace } from '#bots/slack/sending/pace.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { systemClock } from '#src/ports/clock.ts';
import { LANE } from '#test/code-factory/floor.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { openSessions } from './open-sessions.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const MINUTE_MS = 60_000;
const control = (taskId: string, type: 'pause' | 'resume' | 'stop') =>
  controlTask(
    { unitOfWork: store.unitOfWork, clock: systemClock },
    { taskId, actor: 'ada', lane: LANE, command: { type } },
  );

describe('what Slack itself shows on a task’s thread', () => {
  it('follows the task under the name of who works, set once a change', async () => {
    const { commit, start, workUntil, shown, whose, titled, calls } = await openSessions(store);
    const taskId = await commit('Greet by name');
    const sessions = start();
    await sessions.settle();
    expect(shown(taskId)).toBeNull();

    const build = await workUntil(taskId, 'build');
    await sessions.settle();
    await sessions.settle();
    expect([shown(taskId), whose(taskId)]).toEqual(['processing', 'Ollan']);
    expect(titled(taskId)).toMatch(/^Task \d+ · /);
    expect(calls()).toHaveLength(1);

    await build.goOn();
    await sessions.settle();
    await sessions.settle();
    expect([shown(taskId), whose(taskId)]).toEqual(['suspended', 'Tess']);
    expect(calls()).toHaveLength(2);

    await control(taskId, 'stop');
    await sessions.settle();
    await sessions.settle();
    expect(shown(taskId)).toBe('closed');
    expect(calls()).toHaveLength(3);
  });

  it('waits while the task is paused, and goes on with it', async () => {
    const { commit, start, workUntil, shown } = await openSessions(store);
    const taskId = await commit();
    const sessions = start();
    await workUntil(taskId, 'plan');
    await sessions.settle();
    await control(taskId, 'pause');
    await sessions.settle();
    expect(shown(taskId)).toBe('suspended');
    await control(taskId, 'resume');
    await sessions.settle();
    expect(shown(taskId)).toBe('processing');
  });

  it('is set anew after a start, also where the task ended meanwhile', async () => {
    const { commit, start, workUntil, shown, calls } = await openSessions(store);
    const [ended, waits] = [await commit(), await commit()];
    const before = start();
    await workUntil(ended, 'plan');
    const later = await workUntil(waits, 'plan');
    await before.settle();
    expect([shown(ended), shown(waits)]).toEqual(['processing', 'processing']);
    await before.stop();
    await control(ended, 'stop');
    await later.goOn();
    expect(calls()).toHaveLength(2);
    const after = start();
    await after.settle();
    await after.settle();
    expect([shown(ended), shown(waits)]).toEqual(['closed', 'suspended']);
    expect(calls()).toHaveLength(4);
  });

  it('is set again when the answer was lost, and when Slack had no time, for as long as it said', async () => {
    const { slack, commit, start, workUntil, shown, calls, advance } = await openSessions(store);
    const taskId = await commit();
    await workUntil(taskId, 'plan');
    slack.faults.cut('agents.sessions.setStatus');
    const sessions = start();
    await sessions.settle();
    expect(shown(taskId)).toBeNull();
    advance(2_001);
    slack.faults.rateLimit('agents.sessions.setStatus', 30);
    await sessions.settle();
    advance(29_000);
    await sessions.settle();
    expect(calls()).toHaveLength(2);
    advance(1_001);
    await sessions.settle();
    expect([shown(taskId), calls().length]).toEqual(['processing', 3]);
  });

  it('is kept up while one step takes longer than Slack believes it', async () => {
    const { commit, start, workUntil, shown, calls, advance } = await openSessions(store);
    const taskId = await commit();
    await workUntil(taskId, 'build');
    const sessions = start();
    await sessions.settle();
    advance(29 * MINUTE_MS);
    await sessions.settle();
    expect(calls()).toHaveLength(1);
    advance(2 * MINUTE_MS);
    await sessions.settle();
    advance(58 * MINUTE_MS);
    expect([shown(taskId), calls().length]).toEqual(['processing', 2]);
    advance(3 * MINUTE_MS);
    expect(shown(taskId)).toBe('active');
  });

  it('is not set faster than the pace that Slack allows', async () => {
    const { commit, start, workUntil, calls, advance, slack } = await openSessions(store);
    const clock = { now: () => new Date(slack.clock.nowMs()) };
    for (let task = 0; task < 4; task += 1) await workUntil(await commit(), 'plan');
    const sessions = start({ clock, pace: createPace(clock, { ...slackPace, updateBurst: 2 }) });
    await sessions.settle();
    expect(calls()).toHaveLength(2);
    advance(2 * slackPace.updateEveryMs + 1);
    await sessions.settle();
    expect(calls()).toHaveLength(4);
  });

  it('begins when the task has got its thread', async () => {
    const { slack, commit, start, workUntil, shown } = await openSessions(store);
    const taskId = await commit();
    await workUntil(taskId, 'plan');
    const thread = { team: slack.team.id, channel: slack.channels.ideas, root: slack.find('ideas', taskId).ts };
    let isThere = false;
    const rootOf = async (surface: 'slack' | 'discord', { id }: { id: string }) =>
      isThere && id === taskId ? { surface, ...thread } : null;
    const sessions = start({ surfacePosts: { rootOf } });
    await sessions.settle();
    expect(shown(taskId)).toBeNull();
    isThere = true;
    await sessions.settle();
    expect(shown(taskId)).toBe('processing');
  });

  it('is looked for now and then only where a task has no thread for long', async () => {
    const { commit, start, workUntil, advance } = await openSessions(store);
    const taskId = await commit();
    await workUntil(taskId, 'plan');
    let looks = 0;
    const rootOf = async (_surface: string, { id }: { id: string }) => {
      if (id === taskId) looks += 1;
      return null;
    };
    const sessions = start({ surfacePosts: { rootOf } });
    await sessions.settle();
    advance(2 * MINUTE_MS);
    await sessions.settle();
    const before = looks;
    await sessions.settle();
    await sessions.settle();
    expect(looks).toBe(before);
    advance(MINUTE_MS + 1);
    await sessions.settle();
    expect(looks).toBe(before + 1);
  });
});

describe('a workspace without native status', () => {
  it.each([
    ['knows no sessions', { features: { agentSessions: false } }],
    ['has an app that is no agent', { apps: { workbench: { isAgent: false } } }],
  ])('that %s is asked once, and again after the next start', async (_why, options) => {
    const { commit, start, workUntil, calls, logged } = await openSessions(store, options);
    await workUntil(await commit(), 'plan');
    await workUntil(await commit(), 'plan');
    const sessions = start();
    await sessions.settle();
    await sessions.settle();
    expect(calls()).toHaveLength(1);
    expect(logged.map(({ level }) => level)).toEqual(['debug']);
    await sessions.stop();
    await start().settle();
    expect(calls()).toHaveLength(2);
  });

  it('whose app may not take names shows it under the app’s own', async () => {
    const { commit, start, workUntil, shown, whose, calls } = await openSessions(store, {
      apps: { workbench: { withoutScopes: ['chat:write.customize'] } },
    });
    const [first, second] = [await commit(), await commit()];
    await workUntil(first, 'plan');
    await workUntil(second, 'plan');
    const sessions = start();
    await sessions.settle();
    expect([shown(first), whose(first), shown(second)]).toEqual(['processing', null, 'processing']);
    expect(calls()).toHaveLength(3);
  });

  it('in one thread only still has it in the others', async () => {
    const { slack, commit, start, workUntil, shown, calls } = await openSessions(store);
    const [first, second] = [await commit(), await commit()];
    await workUntil(first, 'plan');
    await workUntil(second, 'plan');
    slack.faults.error('agents.sessions.setStatus', 'invalid_thread_ts');
    const sessions = start();
    await sessions.settle();
    await sessions.settle();
    expect(new Set([shown(first), shown(second)])).toEqual(new Set([null, 'processing']));
    expect(calls()).toHaveLength(2);
  });

  it('says so when Slack would show no Stop button', async () => {
    const { commit, start, workUntil, logged } = await openSessions(store, {
      apps: { workbench: { withoutEvents: ['agent_session_stopped'] } },
    });
    await workUntil(await commit(), 'plan');
    await workUntil(await commit(), 'plan');
    await start().settle();
    expect(logged.map(({ level, message }) => [level, message])).toEqual([
      ['warn', expect.stringContaining('agent_session_stopped')],
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import type { Stunt } from '#test/code-factory/floor.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { tsOf } from '#test/support/slack/people/person.ts';
import type { MessageRef } from '#test/support/slack/people/person.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { inIdea } from '../handlers/in-slack.ts';
import { openFactory } from '../open-factory.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

/** Ben's idea is committed, and its task is being built: the step hangs until it is told to end. */
async function atWork() {
  const idea = await inIdea(front);
  const { slack, ben, settle } = idea;
  await ben.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
  await settle();
  const tasks = () => front.tools.unitOfWork.tables.find('story_tasks', {}, { orderBy: 'number' });
  const [task] = await tasks();
  const taskId = task?.id ?? '';
  let isBuilding = false;
  const hang: Stunt = async ({ signal }) => {
    isBuilding = true;
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  };
  const pass = passOn(front.tools.unitOfWork, createFakeLine({ build: hang }).steps)(taskId);
  await waitFor(() => isBuilding);
  await settle();
  const card = () => slack.find('ideas', `Task ${task?.number ?? ''} · `);
  const root = card();
  const session = () => [...slack.sessions()].find(([key]) => key.endsWith(`/${root.ts}`))?.[1] ?? null;
  const state = async () => (await tasks())[0]?.state;
  const cancelled = async () =>
    (await front.tools.unitOfWork.ledger.stream(`task:${taskId}`)).filter(({ type }) => type === 'task.cancelled');
  return { ...idea, taskId, pass, root, session, state, cancelled };
}

describe('Slack’s own Stop button', { timeout: TIMEOUT_MS }, () => {
  it('is there while a task works, under the name of who does, and stops it at once by whoever pressed', async () => {
    const { slack, ana, settle, told, pass, root, session, state, cancelled } = await atWork();
    expect(session()).toMatchObject({ status: 'processing', username: 'Ollan' });
    ana.stop(root);
    // The step would hang for ever: it ends because it was stopped.
    await pass;
    expect(await state()).toBe('cancelled');
    await settle();
    expect((await cancelled()).map(({ actor }) => actor)).toEqual([`slack:${ana.id}`]);
    expect(session()?.status).toBe('closed');
    expect(slack.read(slack.message(root))).toContain('was stopped');
    expect(told(ana)).toEqual([expect.stringMatching(/^Task 1 is stopped\./)]);
    expect(ana.ephemerals().at(-1)?.threadTs).toBe(root.ts);
    await slack.close();
  });

  it('does not wait for words of the thread that are still worked on, nor for a free place', async () => {
    const { slack, ana, ben, settle, pass, root, state } = await atWork();
    const gate = Promise.withResolvers<void>();
    onTestFinished(() => gate.resolve());
    const { say } = front.desk;
    let held = 0;
    front.desk.say = async (message) => {
      held += 1;
      await gate.promise;
      return say(message);
    };
    ben.say('ideas', 'Please be quick.', { thread: root });
    for (let thread = 0; thread < 8; thread += 1) ben.say('ideas', '@workbench status');
    await waitFor(() => held === 8);
    ana.stop(root);
    await pass;
    expect(await state()).toBe('cancelled');
    gate.resolve();
    await settle();
    await slack.close();
  });

  it('and the status hold up no posts when Slack does not answer for them', async () => {
    const { slack, ben, taskId, pass, root } = await atWork();
    slack.faults.hang('agents.sessions.setStatus', { times: 100 });
    await front.say(`slack:${ben.id}`, { kind: 'task', id: taskId }, 'pause');
    await pass;
    await waitFor(() => slack.callsTo('agents.sessions.setStatus').some(({ fault }) => fault === 'hang'));
    await front.mirror();
    await waitFor(() => slack.read(slack.message(root)).includes('is paused'));
    expect(slack.read(slack.message(root))).toContain('is paused');
    await slack.close();
  });

  it('acts once when Slack tells of it twice (I2)', async () => {
    const { slack, ana, settle, told, pass, root, cancelled } = await atWork();
    ana.stop(root);
    await pass;
    await settle();
    const delivery = slack.deliveries.all.findLast(({ type }) => type === 'agent_session_stopped');
    if (delivery === undefined) throw new Error('Slack told of no stop');
    await slack.deliveries.redeliver(delivery);
    await settle();
    expect(await cancelled()).toHaveLength(1);
    expect(told(ana)).toHaveLength(1);
    await slack.close();
  });

  it('is kept before it is acknowledged, and acts after the next start when the process died', async () => {
    const { slack, factory, ana, pass, root, state } = await atWork();
    const { stop } = front.desk;
    front.desk.stop = async () => {
      throw new Error('the process dies here');
    };
    ana.stop(root);
    await slack.settled();
    await factory.stop();
    expect(await state()).toBe('locked');
    const kept = await front.tools.unitOfWork.inbox.pending('slack', 100);
    expect(kept.filter(({ payload }) => payload.includes('agent_session_stopped'))).toHaveLength(1);
    front.desk.stop = stop;
    const again = await openFactory(front, slack, slack.apps.workbench);
    await pass;
    await again.settle();
    expect(await state()).toBe('cancelled');
    await slack.close();
  });

  it('says in private that the task is over already, and closes the session that was left open', async () => {
    const { slack, ana, ben, settle, told, taskId, pass, root, session, cancelled } = await atWork();
    slack.faults.error('agents.sessions.setStatus', 'invalid_thread_ts');
    await front.say(`slack:${ben.id}`, { kind: 'task', id: taskId }, 'stop');
    await pass;
    await settle();
    expect(session()?.status).toBe('processing');
    ana.stop(root);
    await slack.settled();
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('Task 1 is already')]);
    expect(told(ben)).toEqual([]);
    expect(await cancelled()).toHaveLength(1);
    expect(session()?.status).toBe('closed');
    await slack.close();
  });

  it('is for people: a bot that presses it stops nothing', async () => {
    const { slack, settle, ana, pass, root, state } = await atWork();
    const bot = { ...ana.user, id: 'U0HELPER1', name: 'helper', isBot: true };
    slack.workspace.users.set(bot.id, bot);
    for (const user of [slack.apps.workbench.botUserId, 'USLACKBOT', bot.id]) press(slack, { root, user });
    await settle();
    expect(await state()).toBe('locked');
    ana.stop(root);
    await pass;
    expect(await state()).toBe('cancelled');
    await slack.close();
  });

  it('is put down to Slack when Slack names nobody', async () => {
    const { slack, settle, pass, root, cancelled } = await atWork();
    press(slack, { root });
    await pass;
    await settle();
    expect((await cancelled()).map(({ actor }) => actor)).toEqual(['slack']);
    expect(slack.workspace.ephemerals).toEqual([]);
    await slack.close();
  });

  it('in the idea’s thread stops what runs of it, and says which', async () => {
    const { slack, settle, ana, told, pass, said, state } = await atWork();
    press(slack, { root: said, user: ana.id });
    await pass;
    await settle();
    expect(await state()).toBe('cancelled');
    expect(told(ana)).toEqual([expect.stringMatching(/^Task 1 is stopped\./)]);
    press(slack, { root: said, user: ana.id });
    await slack.settled();
    await settle();
    expect(told(ana).at(-1)).toBe('Nothing runs here, so nothing was stopped.');
    await slack.close();
  });

  it('in a thread that is none of ours does nothing, and is not tried again', async () => {
    const { slack, settle, ana, ben, pass, root, state, told } = await atWork();
    press(slack, { root: ben.say('ideas', 'Lunch?'), user: ana.id });
    await settle();
    expect([await state(), told(ana)]).toEqual(['locked', []]);
    await waitFor(async () => (await front.tools.unitOfWork.inbox.pending('slack', 10)).length === 0);
    ana.stop(root);
    await pass;
    await slack.close();
  });
});

/** As Slack tells of it, by whoever it says, whether or not there is a button. */
function press(
  slack: Awaited<ReturnType<typeof atWork>>['slack'],
  { root, user }: { root: MessageRef; user?: string },
) {
  const [app] = slack.workspace.apps.values();
  if (app === undefined) throw new Error('there is no app');
  slack.publisher.toApp('agent_session_stopped', app, {
    type: 'agent_session_stopped',
    channel: slack.channels.ideas,
    thread_ts: tsOf(root),
    streaming_message_ts: [],
    event_ts: slack.workspace.clock.nextTs(),
    ...(user === undefined ? {} : { user }),
  });
}

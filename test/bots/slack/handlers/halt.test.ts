import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startInboxWorker } from '#bots/slack/receiving/worker.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { inIdea, inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

const halted = async () => (await front.desk.overview('')).halt ?? null;
const facts = async () =>
  (await front.tools.unitOfWork.ledger.stream('factory')).map(({ type, actor }) => [type, actor]);

describe('halt in Slack (C28)', { timeout: TIMEOUT_MS }, () => {
  it('ends a step that runs, said in a thread; the channel and Home say who, when and how to go on', async () => {
    const { slack, settle, said, ana, ben, told } = await inIdea(front);
    front.approvers = [`slack:${ana.id}`];
    await ben.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
    await settle();
    const [task] = await front.tools.unitOfWork.tables.find('story_tasks', {});
    let isBuilding = false;
    const { steps } = createFakeLine({
      build: ({ signal }) => {
        isBuilding = true;
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
    });
    const pass = passOn(front.tools.unitOfWork, steps)(task?.id ?? '');
    await waitFor(() => isBuilding);

    ben.say('ideas', 'halt: the bill is odd', { thread: said });
    // The step would hang for ever: it ends because all was halted.
    expect(await pass).toBe('busy');
    await settle();
    expect(told(ben).at(-1)).toContain('The factory is halted. 1 open task keeps its place, and nothing is merged.');
    const notice = slack.read(slack.find('ideas', 'halted the factory'));
    expect(notice).toContain(`${ben.user.displayName} halted the factory: nothing works`);
    expect(notice).toContain('the bill is odd');
    expect(notice).toContain('resume all');
    ben.openHome();
    await settle();
    const home = ben.home();
    expect(home === null ? '' : slack.read(home)).toMatch(
      /^.*The factory is halted.*\n.*halted the factory at .* UTC.*resume all/,
    );

    await ben.command('ideas', '/workbench resume all');
    await settle();
    expect(told(ben).at(-1)).toContain('Only an approver may resume the factory');
    expect(await halted()).not.toBeNull();
    await ana.command('ideas', '/workbench resume all');
    await settle();
    expect(told(ana).at(-1)).toContain('The factory goes on where it stood.');
    expect(slack.read(slack.find('ideas', 'halted the factory'))).toContain('let it go on at');
    expect(await facts()).toEqual([
      ['factory.halted', `slack:${ben.id}`],
      ['factory.resumed', `slack:${ana.id}`],
    ]);
    await slack.close();
  });

  it('needs no project: called in a channel that is bound to none, or by the command', async () => {
    const { slack, settle, ana, ben, told } = await inSlack(front, { isBound: false });
    front.approvers = [`slack:${ana.id}`];
    ben.say('ideas', '@workbench halt');
    await settle();
    expect(await halted()).toMatchObject({ by: expect.stringContaining(ben.user.displayName) });
    // Slack tells of one gesture under two events.
    expect(told(ben).filter((text) => text.includes('halted'))).toHaveLength(1);
    ana.say('ideas', '@workbench resume all');
    await settle();
    await ana.command('ideas', '/halt the bill is odd');
    await settle();
    expect(await halted()).toMatchObject({ reason: 'the bill is odd' });
    ben.say('ideas', 'resume all');
    await settle();
    expect((await facts()).map(([type]) => type)).toEqual(['factory.halted', 'factory.resumed', 'factory.halted']);
    await slack.close();
  });

  it('waits behind no other words, neither of its thread nor of the whole surface', async () => {
    const done: string[] = [];
    const held = Promise.withResolvers<void>();
    const worker = startInboxWorker({
      inbox: front.tools.unitOfWork.inbox,
      clock: systemClock,
      log: silentLog,
      async handle(body) {
        const { event } = body as { event: { text: string } };
        if (event.text === 'slow') await held.promise;
        done.push(event.text);
      },
    });
    onTestFinished(async () => {
      held.resolve();
      await worker.stop();
    });
    const say = (text: string, at: number, thread: number) =>
      worker.accept({
        api_app_id: 'A1',
        event_id: `Ev${at}`,
        event: { type: 'message', channel: 'C1', user: 'U1', ts: `17.${at}`, thread_ts: `16.${thread}`, text },
      });
    for (let at = 0; at < 12; at += 1) await say('slow', at, at);
    await say('<@UBOT> halt', 20, 0);
    await say('Halt!', 21, 1);
    await waitFor(() => done.length === 2);
    expect(done).toEqual(['<@UBOT> halt', 'Halt!']);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startInboxWorker } from '#bots/slack/receiving/worker.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Inbox } from '#src/ports/unit-of-work.ts';
import { openFront } from '#test/desk/front.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openFactory } from '../open-factory.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  await store.orm.em.fork().getConnection().execute('TRUNCATE inbox');
});
afterAll(() => store.close());

interface Body {
  event?: { text: string };
  command?: string;
}

let events = 0;
function message(thread: string, text: string): Body {
  events += 1;
  const event = { type: 'message', channel: 'C1', user: 'U1', ts: `1700000000.00${events}`, thread_ts: thread, text };
  return { api_app_id: 'A1', event_id: `Ev${events}`, event } as Body;
}
function command(text: string): Body {
  events += 1;
  return { api_app_id: 'A1', command: '/workbench', text, trigger_id: `${events}.1` } as Body;
}

/** A worker whose work on some words waits until they are let go. */
function working(inbox: Inbox = store.unitOfWork.inbox, work: (words: string) => Promise<void> = async () => {}) {
  const begun: string[] = [];
  const ended: string[] = [];
  const held = new Map<string, PromiseWithResolvers<void>>();
  const worker = startInboxWorker({
    inbox,
    clock: systemClock,
    log: silentLog,
    async handle(body) {
      const { event, command: name = '' } = body as Body;
      const words = event?.text ?? name;
      begun.push(words);
      await held.get(words)?.promise;
      await work(words);
      ended.push(words);
    },
  });
  const letGo = (words: string) => held.get(words)?.resolve();
  onTestFinished(async () => {
    for (const words of held.keys()) letGo(words);
    await worker.stop();
  });
  return {
    worker,
    begun,
    ended,
    hold: (words: string) => void held.set(words, Promise.withResolvers()),
    letGo,
    pending: async () => (await store.unitOfWork.inbox.pending('slack', 100)).length,
  };
}

describe('the inbox worker', () => {
  it('keeps the order of a thread, and goes on in the others', async () => {
    const { worker, begun, ended, hold, letGo, pending } = working();
    hold('first');
    await worker.accept(message('A', 'first'));
    await worker.accept(message('A', 'second'));
    await worker.accept(message('B', 'elsewhere'));
    await waitFor(() => ended.includes('elsewhere'));
    expect(begun).toEqual(['first', 'elsewhere']);
    letGo('first');
    await worker.settle();
    expect(ended).toEqual(['elsewhere', 'first', 'second']);
    expect(await pending()).toBe(0);
  });

  it('keeps the order in which two things were said, though the later one arrives and is kept first', async () => {
    const { inbox } = store.unitOfWork;
    const firstMay = Promise.withResolvers<void>();
    const slow: Inbox = {
      ...inbox,
      async accept(delivery) {
        if (delivery.payload.includes('said first')) await firstMay.promise;
        return inbox.accept(delivery);
      },
    };
    const { worker, ended } = working(slow);
    const [first, second] = [message('A', 'said first'), message('A', 'said second')];
    await worker.accept(second);
    const accepted = worker.accept(first);
    firstMay.resolve();
    await accepted;
    await worker.settle();
    expect(ended).toEqual(['said first', 'said second']);
  });

  it('lets what a person presses wait for no message, however many are slow', async () => {
    const { worker, begun, ended, hold } = working();
    for (let n = 0; n < 12; n += 1) {
      hold(`slow ${n}`);
      await worker.accept(message(`thread ${n}`, `slow ${n}`));
    }
    await waitFor(() => begun.length === 8);
    await worker.accept(command('status'));
    await waitFor(() => ended.includes('/workbench'));
    expect(begun).toHaveLength(9);
  });

  it('does not begin again what ended while it looked for what was left', async () => {
    const { inbox } = store.unitOfWork;
    let looked = Promise.withResolvers<void>();
    let goOn: PromiseWithResolvers<void> | null = null;
    const slow: Inbox = {
      ...inbox,
      async pending(surface, limit) {
        const rows = await inbox.pending(surface, limit);
        looked.resolve();
        await goOn?.promise;
        return rows;
      },
    };
    const { worker, begun, ended, hold, letGo, pending } = working(slow);
    await looked.promise;
    hold('once');
    await worker.accept(message('A', 'once'));
    looked = Promise.withResolvers();
    goOn = Promise.withResolvers();
    const settled = worker.settle();
    await looked.promise;
    letGo('once');
    await waitFor(async () => ended.length === 1 && (await pending()) === 0);
    goOn.resolve();
    await settled;
    expect(begun).toEqual(['once']);
  });

  it('tries again what failed, before what comes after it', async () => {
    let failures = 2;
    const { worker, begun, ended, pending } = working(store.unitOfWork.inbox, async (words) => {
      if (words === 'first' && failures > 0) {
        failures -= 1;
        throw new Error('Slack is away');
      }
    });
    await worker.accept(message('A', 'first'));
    await worker.accept(message('A', 'second'));
    await worker.settle();
    expect(begun).toEqual(['first', 'first', 'first', 'second']);
    expect(ended).toEqual(['first', 'second']);
    expect(await pending()).toBe(0);
  });
});

it('makes one idea of a mention, though Slack tells it as two events, each five times (F09, F11, I2)', async () => {
  const front = await openFront();
  onTestFinished(() => front.close());
  const slack = await startSlack();
  onTestFinished(() => slack.close());
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen: 'mentions' });
  const factory = await openFactory(front, slack, slack.apps.workbench);
  const said = slack.people.ana.say('ideas', '@workbench We need a function greet(name).');
  await slack.settled();
  await factory.settle();
  const told = [...slack.deliveries.all].filter(({ type }) => type === 'message' || type === 'app_mention');
  expect(new Set(told.map(({ type }) => type)).size).toBe(2);
  const shown = slack.replies(said).length;
  for (let again = 1; again < 5; again += 1) await Promise.all(told.map((one) => slack.deliveries.redeliver(one)));
  await factory.settle();
  const kept = await front.tools.unitOfWork.conversations.list(projectId);
  expect(kept.map(({ messageCount }) => messageCount)).toEqual([1]);
  expect(slack.replies(said)).toHaveLength(shown);
});

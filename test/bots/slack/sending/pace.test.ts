import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openSending } from './open-sending.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const oneASecond = { postEveryMs: 1_000, postBurst: 1, updateEveryMs: 1_000, updateBurst: 1 };
const moreThanABatch = Array.from({ length: 101 }, (_, n) => `Card ${n}`);
const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);

describe('pace', () => {
  it('makes ten versions one edit, with the newest', async () => {
    const { slack, post, edit, start } = await openSending(store);
    await post('Version 1');
    const first = start();
    await first.settle();
    await first.stop();
    for (let n = 2; n <= 11; n += 1) await edit('Version 1', { lead: `Version ${n}` });
    await start().settle();
    expect(slack.callsTo('chat.update').map(({ args }) => args.text)).toEqual(['Version 11']);
    expect(slack.messages('ideas').map(({ versions }) => versions)).toEqual([['Version 1', 'Version 11']]);
  });

  it('says at most so much in a channel, and in every channel as much (F16)', async () => {
    const { slack, post, start, advance } = await openSending(store, { pace: oneASecond });
    for (const key of ['One', 'Two', 'Three']) await post(key);
    await post('Elsewhere', { channel: 'ops' });
    const sender = start();
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One']);
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
    advance(1_000);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One', 'Two']);
  });

  it('counts edits apart from posts: neither takes the other’s turn', async () => {
    const { slack, post, edit, start, advance } = await openSending(store, { pace: oneASecond });
    await post('One');
    await post('Elsewhere', { channel: 'ops' });
    const sender = start();
    await sender.settle();
    advance(1_000);
    await edit('One', { lead: 'One, changed' });
    await edit('Elsewhere', { lead: 'Elsewhere, changed' });
    await post('Two');
    await sender.settle();
    expect(texts(slack.messages('ideas')).at(-1)).toBe('Two');
    expect(slack.callsTo('chat.update')).toHaveLength(1);
    advance(1_000);
    await sender.settle();
    expect(slack.callsTo('chat.update')).toHaveLength(2);
  });

  it('keeps the order of a thread through a wait', async () => {
    const { slack, post, thread, start, advance } = await openSending(store, {
      pace: { ...oneASecond, postBurst: 2 },
    });
    const said = slack.people.ana.say('ideas', 'An idea');
    const idea = await thread(said);
    for (let n = 1; n <= 5; n += 1) await post(`Reply ${n}`, { idea });
    slack.faults.rateLimit('chat.postMessage', 5, { when: ({ text }) => text === 'Reply 2' });
    const sender = start();
    for (let second = 0; second < 12; second += 1) {
      await sender.settle();
      advance(1_000);
    }
    expect(texts(slack.replies(said))).toEqual(['Reply 1', 'Reply 2', 'Reply 3', 'Reply 4', 'Reply 5']);
  });
});

describe('more posts than are looked at in one go', () => {
  it('in a closed channel do not keep others waiting', async () => {
    const { slack, post, start } = await openSending(store);
    slack.archive('ideas');
    await Promise.all(moreThanABatch.map((key) => post(key)));
    await post('Elsewhere', { channel: 'ops' });
    await start().settle();
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
  });

  it('in a channel that is taken slowly do not keep others waiting', async () => {
    const { slack, post, start } = await openSending(store, { pace: oneASecond });
    await Promise.all(moreThanABatch.map((key) => post(key)));
    await post('Elsewhere', { channel: 'ops' });
    await start().settle();
    expect(slack.messages('ideas')).toHaveLength(1);
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
  });

  it('are not all sent before a stop', async () => {
    const { slack, post, start } = await openSending(store);
    for (let n = 0; n < 10; n += 1) await post(`Card ${n}`);
    slack.faults.add('chat.postMessage', { kind: 'slow', byMs: 100 }, { times: 10 });
    const sender = start();
    await waitFor(() => slack.callsTo('chat.postMessage').length > 0);
    await sender.stop();
    const { length } = slack.messages('ideas');
    expect(length).toBeLessThan(10);
    await start().settle();
    expect(texts(slack.messages('ideas'))).toEqual(Array.from({ length: 10 }, (_, n) => `Card ${n}`));
  });
});

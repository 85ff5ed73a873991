import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { ask, openSending } from './open-sending.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const UNANSWERED_MS = 2_001;
const PAGE_AND_A_HALF = 150;

describe('a post whose answer was lost', () => {
  it('is looked up and not said again (F16, I6)', async () => {
    const { slack, post, start, advance, due } = await openSending(store);
    slack.faults.loseAnswer('chat.postMessage');
    await post('Ready for review');
    const sender = start();
    await sender.settle();
    expect(await due()).toEqual(['Ready for review']);
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(await due()).toEqual([]);
    expect(slack.callsTo('chat.postMessage')).toHaveLength(1);
    expect(slack.messages('ideas')).toHaveLength(1);
  });

  it('is found on the second page of a busy channel, and behind many replies of its thread', async () => {
    const { slack, post, thread, start, advance, due } = await openSending(store);
    const said = slack.people.ana.say('ideas', 'An idea');
    const idea = await thread(said);
    for (let n = 0; n < PAGE_AND_A_HALF; n += 1) slack.people.ben.say('ideas', `reply ${n}`, { thread: said });
    slack.faults.loseAnswer('chat.postMessage', { times: 2 });
    await post('In the channel', { channel: 'ops' });
    await post('In the thread', { idea });
    const sender = start();
    await sender.settle();
    for (let n = 0; n < PAGE_AND_A_HALF; n += 1) slack.people.ana.say('ops', `message ${n}`);
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(await due()).toEqual([]);
    expect(slack.callsTo('chat.postMessage')).toHaveLength(2);
    expect(slack.callsTo('conversations.history')).toHaveLength(2);
    expect(slack.callsTo('conversations.replies')).toHaveLength(2);
  });

  it('is said again where it never arrived', async () => {
    const { slack, post, start, advance, due } = await openSending(store);
    slack.faults.cut('chat.postMessage');
    slack.faults.error('chat.postMessage', 'fatal_error');
    await post('Cut');
    const sender = start();
    await sender.settle();
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(slack.messages('ideas')).toEqual([]);
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(await due()).toEqual([]);
    expect(slack.messages('ideas').map(({ text }) => text)).toEqual(['Cut']);
    expect(slack.callsTo('conversations.history')).toHaveLength(2);
  });

  it('is found by the one app where a persona’s own app, which cannot read, has said it', async () => {
    const { slack, post, start, advance, due } = await openSending(store, { own: ['vera'] });
    slack.faults.loseAnswer('chat.postMessage');
    await post('Heard you', { author: { kind: 'persona', name: 'vera' }, card: { kind: 'message' } });
    const sender = start();
    await sender.settle();
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(await due()).toEqual([]);
    expect(slack.callsTo('chat.postMessage').map(({ app }) => app)).toEqual(['vera']);
  });

  it('does not hold up its channel when its thread is gone', async () => {
    const { slack, post, thread, start, advance, due } = await openSending(store);
    const said = slack.people.ana.say('ideas', 'An idea');
    const idea = await thread(said);
    slack.faults.cut('chat.postMessage');
    await post('A reply', { idea });
    const sender = start();
    await sender.settle();
    slack.people.ana.delete(said);
    advance(UNANSWERED_MS);
    await post('A card');
    await sender.settle();
    expect(slack.messages('ideas').map(({ text }) => text)).toEqual(['A card']);
    expect(await due()).toEqual([]);
  });

  it('is there once when the process died before it kept the answer (F02, I6)', async () => {
    const { slack, surfacePosts, post, start, due } = await openSending(store);
    await post('Ready for review');
    const dying = start({ surfacePosts: { ...surfacePosts, sent: () => Promise.reject(new Error('killed')) } });
    await dying.settle();
    await dying.stop();
    expect(await due()).toEqual(['Ready for review']);
    await start().settle();
    expect(await due()).toEqual([]);
    expect(slack.messages('ideas')).toHaveLength(1);
  });

  it('is there once more only, when it is said anew and that answer is lost', async () => {
    const { slack, post, edit, start, advance, due } = await openSending(store, { slack: { editWindowMs: 60_000 } });
    await post('Approve?', { card: { actions: ask } });
    const sender = start();
    await sender.settle();
    advance(24 * 3_600_000);
    slack.faults.loseAnswer('chat.postMessage');
    await edit('Approve?', { lead: 'Approve it now?' });
    await sender.settle();
    advance(UNANSWERED_MS);
    await sender.settle();
    expect(await due()).toEqual([]);
    expect(slack.messages('ideas').map(({ text }) => text)).toEqual(['Approve?', 'Approve it now?']);
  });
});

it('is sent by one of two processes', async () => {
  const { slack, post, start, due } = await openSending(store);
  for (let n = 0; n < 12; n += 1) await post(`Card ${n}`);
  const other = createUnitOfWork({ orm: store.orm, connection: store.database.connection, log: silentLog });
  const senders = [start(), start({ withLock: other.withLock })];
  await Promise.all(senders.map((sender) => sender.settle()));
  await senders[0]?.settle();
  expect(await due()).toEqual([]);
  expect(slack.messages('ideas').map(({ text }) => text)).toEqual(Array.from({ length: 12 }, (_, n) => `Card ${n}`));
  await Promise.all(senders.map((sender) => sender.stop()));
  await other.close();
});

it('calls the people who are awaited when it is first said, and never again', async () => {
  const { slack, post, edit, start, advance } = await openSending(store);
  const { ana } = slack.people;
  await post('Approve?', { mentions: [`slack:${ana.id}`], card: { actions: ask } });
  const sender = start();
  await sender.settle();
  const [first] = slack.messages('ideas');
  expect(first?.text).toContain(`<@${ana.id}>`);
  await edit('Approve?', { lead: 'Approve the second one?' });
  await sender.settle();
  ana.moderate(slack.find('ideas', 'second one'));
  await edit('Approve?', { lead: 'Approve the third one?' });
  await sender.settle();
  advance(1);
  const calls = [...slack.callsTo('chat.update'), ...slack.callsTo('chat.postMessage').slice(1)];
  expect(calls).toHaveLength(3);
  expect(JSON.stringify(calls.map(({ args }) => [args.text, args.blocks]))).not.toMatch(/<@|"type":"user"/);
});

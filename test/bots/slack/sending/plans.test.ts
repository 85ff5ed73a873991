import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '#src/ports/chat.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { ask, openSending } from './open-sending.ts';
import type { Sending } from './open-sending.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const steps: Card['blocks'] = [
  {
    type: 'steps',
    steps: [
      { label: 'plan', state: 'done', sinceAt: null, tookMs: 1_000 },
      { label: 'build', state: 'now', sinceAt: '2026-11-20T10:00:00.000Z', tookMs: null },
    ],
  },
];
const AS_PLAN = 'Plan: 1 of 2 steps done';
const AS_LINES = '✓ plan · 1 s';
const withoutPlans = { slack: { features: { planBlocks: false } } };

const shown = ({ slack }: Sending) => slack.messages('ideas').map((message) => slack.read(message));
const refusals = ({ slack }: Sending, method: string) =>
  slack.callsTo(method).filter(({ answer }) => answer?.ok === false);
const isPlan = ({ blocks }: { blocks?: unknown }) => (JSON.stringify(blocks) ?? '').includes('"plan"');

describe('the steps of a task', () => {
  it('are a plan where the workspace takes one, in the first version and in an edit', async () => {
    const sending = await openSending(store);
    await sending.post('Task', { card: { blocks: steps } });
    const sender = sending.start();
    await sender.settle();
    expect(shown(sending)).toEqual([expect.stringContaining(AS_PLAN)]);
    await sending.edit('Task', { lead: 'Task, changed' });
    await sender.settle();
    expect(shown(sending)).toEqual([expect.stringContaining(`Task, changed (edited)\n  ${AS_PLAN}`)]);
    expect(sending.slack.callsTo('chat.postMessage')).toHaveLength(1);
    expect(sending.logged).toEqual([]);
  });

  it('are lines where it takes none: posted once, and plans are not tried again', async () => {
    const sending = await openSending(store, withoutPlans);
    await sending.post('One', { card: { blocks: steps, actions: ask } });
    const sender = sending.start();
    await sender.settle();
    expect(shown(sending)).toEqual([expect.stringContaining(AS_LINES)]);
    expect(sending.slack.read(sending.slack.find('ideas', 'One'))).toContain('[Go');
    await sending.post('Two', { card: { blocks: steps } });
    await sending.edit('One', { lead: 'One, changed' });
    await sender.settle();
    expect(shown(sending)).toEqual([
      expect.stringContaining(`One, changed (edited)\n  ${AS_LINES}`),
      expect.stringContaining(AS_LINES),
    ]);
    expect(refusals(sending, 'chat.postMessage')).toHaveLength(1);
    expect(refusals(sending, 'chat.update')).toEqual([]);
    expect(await sending.due()).toEqual([]);
    expect(sending.logged.map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'the workspace takes no plan blocks; steps are drawn as lines'],
    ]);
  });

  it('become lines in place when an edit with a plan is refused', async () => {
    const sending = await openSending(store);
    await sending.post('Task', { card: { blocks: steps } });
    const sender = sending.start();
    await sender.settle();
    sending.slack.workspace.features.planBlocks = false;
    await sending.edit('Task', { lead: 'Task, changed' });
    await sender.settle();
    expect(shown(sending)).toEqual([expect.stringContaining(`Task, changed (edited)\n  ${AS_LINES}`)]);
    expect(sending.slack.callsTo('chat.postMessage')).toHaveLength(1);
  });

  it('become a plan in place after the next start, once the workspace takes plans', async () => {
    const sending = await openSending(store, withoutPlans);
    await sending.post('Task', { card: { blocks: steps } });
    const before = sending.start();
    await before.settle();
    await before.stop();
    sending.slack.workspace.features.planBlocks = true;
    await sending.edit('Task', { lead: 'Task, changed' });
    await sending.start().settle();
    expect(shown(sending)).toEqual([expect.stringContaining(`Task, changed (edited)\n  ${AS_PLAN}`)]);
    expect(sending.slack.callsTo('chat.postMessage').filter(({ answer }) => answer?.ok === true)).toHaveLength(1);
  });

  it('are posted once when the answer to the second try was lost', async () => {
    const sending = await openSending(store, withoutPlans);
    sending.slack.faults.loseAnswer('chat.postMessage', { when: (args) => !isPlan(args) });
    await sending.post('Task', { card: { blocks: steps } });
    const sender = sending.start();
    await sender.settle();
    sending.advance(2_001);
    await sender.settle();
    expect(shown(sending)).toEqual([expect.stringContaining(AS_LINES)]);
    expect(await sending.due()).toEqual([]);
  });

  it('are said in words when nothing else is taken, and plans are still tried for other cards', async () => {
    const sending = await openSending(store);
    const hasBlocks = ({ blocks }: { blocks?: unknown }) => blocks !== undefined;
    sending.slack.faults.error('chat.postMessage', 'invalid_blocks', { times: 2, when: hasBlocks });
    await sending.post('One', { card: { blocks: steps } });
    await sending.post('Two', { card: { blocks: steps } });
    await sending.start().settle();
    expect(shown(sending)).toEqual([expect.stringMatching(/One$/), expect.stringContaining(AS_PLAN)]);
  });
});

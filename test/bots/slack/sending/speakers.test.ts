import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { ask, openSending } from './open-sending.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe('a persona with an app of its own', () => {
  const vera = { kind: 'persona', name: 'vera' } as const;

  it('says through it what has no buttons, and edits it there', async () => {
    const { slack, post, edit, start } = await openSending(store, { own: ['vera'] });
    await post('Heard you', { author: vera, card: { kind: 'message' } });
    const sender = start();
    await sender.settle();
    await edit('Heard you', { lead: 'Heard you both' });
    await sender.settle();
    expect(slack.calls.map(({ method, app }) => [method, app])).toEqual([
      ['chat.postMessage', 'vera'],
      ['chat.update', 'vera'],
    ]);
    expect(slack.messages('ideas').map(({ text }) => text)).toEqual(['Heard you both']);
  });

  it('leaves to the one app, under its name, what may have buttons, also while it has none', async () => {
    const { slack, post, edit, start } = await openSending(store, { own: ['vera'] });
    await post('Question', { author: vera, card: { kind: 'question', outcome: 'Not asked yet.' } });
    const sender = start();
    await sender.settle();
    await edit('Question', { outcome: null, actions: ask });
    await sender.settle();
    expect(slack.calls.map(({ method, app }) => [method, app])).toEqual([
      ['chat.postMessage', 'workbench'],
      ['chat.update', 'workbench'],
    ]);
    const question = slack.find('ideas', 'Question');
    expect(question.username).toBe('Vera');
    void slack.people.ana.press(question, 'Go');
    expect(slack.deliveries.all.at(-1)).toMatchObject({ app: 'workbench', type: 'block_actions' });
  });
});

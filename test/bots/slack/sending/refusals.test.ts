import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { ask, openSending } from './open-sending.ts';
import type { Sending } from './open-sending.ts';

type Slack = Sending['slack'];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const MINUTE_MS = 60_001;
const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);

describe('a busy Slack', () => {
  it('is left alone for as long as it said, in that channel only, and nothing overtakes there (F16)', async () => {
    const { slack, post, start, advance } = await openSending(store);
    const isIdeas = ({ channel }: { channel?: unknown }) => channel === slack.channels.ideas;
    slack.faults.rateLimit('chat.postMessage', 30, { when: isIdeas });
    for (const key of ['One', 'Two', 'Three']) await post(key);
    await post('Elsewhere', { channel: 'ops' });
    const sender = start();
    await sender.settle();
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
    advance(29_000);
    await sender.settle();
    expect(slack.callsTo('chat.postMessage').filter(({ args }) => isIdeas(args))).toHaveLength(1);
    advance(1_001);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One', 'Two', 'Three']);
  });

  it('is believed when it says so in words', async () => {
    const { slack, post, start, advance } = await openSending(store);
    slack.faults.error('chat.postMessage', 'rate_limited');
    await post('One');
    const sender = start();
    await sender.settle();
    expect(slack.callsTo('chat.postMessage')).toHaveLength(1);
    advance(10_001);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One']);
  });

  it('holds back edits without holding back posts', async () => {
    const { slack, post, edit, start, advance } = await openSending(store);
    await post('Card');
    const sender = start();
    await sender.settle();
    slack.faults.rateLimit('chat.update', 30);
    await edit('Card', { lead: 'Card, changed' });
    await post('News');
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Card', 'News']);
    expect(slack.callsTo('chat.update')).toHaveLength(1);
    advance(30_001);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Card, changed', 'News']);
  });
});

describe('a channel that takes nothing', () => {
  it.each([
    {
      why: 'not_in_channel',
      shut: 'the app was removed',
      close: (slack: Slack) => slack.people.ana.remove('ideas', 'workbench'),
      open: (slack: Slack) => slack.people.ana.invite('ideas', 'workbench'),
    },
    {
      why: 'is_archived',
      shut: 'it is archived',
      close: (slack: Slack) => slack.archive('ideas'),
      open: (slack: Slack) => slack.unarchive('ideas'),
    },
  ])('is waited for while $shut, and goes on at once when it is open again', async ({ why, close, open }) => {
    const { slack, post, start, logged, due } = await openSending(store);
    close(slack);
    await post('Here');
    await post('Elsewhere', { channel: 'ops' });
    const sender = start();
    await sender.settle();
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
    expect(logged).toMatchObject([{ level: 'warn', fields: { channel: slack.channels.ideas, reason: why } }]);
    open(slack);
    await sender.settle();
    expect(await due()).toEqual(['Here']);
    sender.reopen(slack.channels.ideas);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Here']);
  });

  it('is asked again every minute when nobody says that it is open', async () => {
    const { slack, post, start, advance } = await openSending(store);
    slack.archive('ideas');
    await post('Here');
    const sender = start();
    await sender.settle();
    slack.unarchive('ideas');
    advance(MINUTE_MS);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Here']);
  });
});

describe('a token', () => {
  it('that was revoked makes everything wait, says so in the log, and loses nothing', async () => {
    const { slack, post, start, advance, logged } = await openSending(store);
    slack.apps.workbench.revoke();
    await post('One');
    await post('Two');
    const sender = start();
    await sender.settle();
    await post('Elsewhere', { channel: 'ops' });
    await sender.settle();
    expect(slack.callsTo('chat.postMessage')).toHaveLength(1);
    expect(logged).toEqual([
      expect.objectContaining({ level: 'error', message: 'Slack does not let the app in; all posts wait' }),
    ]);
    expect(logged[0]?.fields).toMatchObject({ reason: 'token_revoked' });
    slack.apps.workbench.restore();
    advance(MINUTE_MS);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One', 'Two']);
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
  });

  it('of one persona that was revoked holds up its channel, and no other', async () => {
    const { slack, post, start } = await openSending(store, { own: ['vera'] });
    slack.apps.vera.revoke();
    await post('From Vera', { author: { kind: 'persona', name: 'vera' }, card: { kind: 'message' } });
    const sender = start();
    await sender.settle();
    await post('Elsewhere', { channel: 'ops' });
    await sender.settle();
    expect(slack.messages('ideas')).toEqual([]);
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
  });

  it('that may not write makes posts wait until it may', async () => {
    const { slack, post, start, advance, logged } = await openSending(store);
    slack.apps.workbench.scopes.delete('chat:write');
    await post('One');
    const sender = start();
    await sender.settle();
    expect(logged[0]?.fields).toMatchObject({ reason: 'missing_scope chat:write' });
    slack.apps.workbench.scopes.add('chat:write');
    advance(MINUTE_MS);
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['One']);
  });

  it('that may not take other names posts under its own', async () => {
    const { slack, post, start } = await openSending(store);
    slack.apps.workbench.scopes.delete('chat:write.customize');
    await post('One');
    await start().settle();
    expect(slack.messages('ideas').map(({ text, username }) => [text, username])).toEqual([['One', null]]);
    slack.apps.workbench.scopes.add('chat:write.customize');
    await post('Two');
    await start().settle();
    expect(slack.messages('ideas').map(({ username }) => username)).toEqual([null, 'Tess']);
  });
});

describe('a card that Slack will not show', () => {
  it('is said in plain words, the first time and when it is edited', async () => {
    const { slack, post, edit, start } = await openSending(store);
    const hasBlocks = ({ blocks }: { blocks?: unknown }) => JSON.stringify(blocks ?? []).length > 4;
    slack.faults.error('chat.postMessage', 'invalid_blocks', { when: hasBlocks });
    await post('Plan');
    const sender = start();
    await sender.settle();
    expect(slack.messages('ideas').map(({ text, blocks }) => [text, blocks])).toEqual([['Plan', []]]);
    slack.faults.error('chat.update', 'msg_blocks_too_long', { when: hasBlocks });
    await edit('Plan', { lead: 'Plan, changed' });
    await sender.settle();
    expect(slack.messages('ideas').map(({ text, blocks }) => [text, blocks])).toEqual([['Plan, changed', []]]);
  });

  it('in any form is left out with its reason, until it changes; the next one goes', async () => {
    const { slack, post, edit, start, logged, due } = await openSending(store);
    slack.faults.error('chat.postMessage', 'msg_too_long');
    await post('Long');
    await post('Next');
    const sender = start();
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Next']);
    expect(logged).toMatchObject([{ level: 'error', fields: { reason: 'msg_too_long' } }]);
    expect(await due()).toEqual([]);
    await edit('Long', { lead: 'Short' });
    await sender.settle();
    expect(texts(slack.messages('ideas'))).toEqual(['Next', 'Short']);
  });

  it('for a fault of ours is named in the log, and tried again after a while; other channels go on', async () => {
    const { slack, post, start, advance, logged, due } = await openSending(store);
    const { id } = await post('Broken');
    await post('Elsewhere', { channel: 'ops' });
    const sender = start({
      draw: async ({ post: { key } }) => {
        if (key === 'Broken') throw new Error('cannot be drawn');
        return { text: key, blocks: [] };
      },
    });
    await sender.settle();
    await sender.settle();
    expect(texts(slack.messages('ops'))).toEqual(['Elsewhere']);
    expect(logged).toMatchObject([{ level: 'error', fields: { post: id } }]);
    advance(2_001);
    await sender.settle();
    expect(logged).toHaveLength(2);
    expect(await due()).toEqual(['Broken']);
  });
});

describe('a message that cannot be edited any more', () => {
  const ways = [
    {
      why: 'somebody deleted it',
      lose: ({ slack }: Sending, text: string) => slack.people.ana.moderate(slack.find('ideas', text)),
    },
    { why: 'the time for it is over', lose: ({ advance }: Sending) => advance(24 * 3_600_000) },
  ];
  it.each(ways)('because $why is said anew while it still asks', async ({ lose }) => {
    const sending = await openSending(store, { slack: { editWindowMs: 3_600_000 } });
    const { slack, post, edit, start } = sending;
    await post('Approve?', { card: { actions: ask } });
    const sender = start();
    await sender.settle();
    lose(sending, 'Approve?');
    await edit('Approve?', { lead: 'Approve it now?' });
    await sender.settle();
    expect(texts(slack.messages('ideas')).at(-1)).toBe('Approve it now?');
    await edit('Approve?', { lead: 'Approve it?' });
    await sender.settle();
    expect(texts(slack.messages('ideas')).at(-1)).toBe('Approve it?');
    expect(slack.callsTo('chat.postMessage')).toHaveLength(2);
  });

  it.each(ways)('because $why is left when it asks nothing', async ({ lose }) => {
    const sending = await openSending(store, { slack: { editWindowMs: 3_600_000 } });
    const { slack, post, edit, start, due } = sending;
    await post('Approve?', { card: { actions: ask } });
    await post('Note');
    const sender = start();
    await sender.settle();
    lose(sending, 'Approve?');
    lose(sending, 'Note');
    await edit('Approve?', { outcome: 'Approved by Ana.' });
    await edit('Note', { lead: 'Another note' });
    await sender.settle();
    expect(slack.callsTo('chat.postMessage')).toHaveLength(2);
    expect(await due()).toEqual([]);
  });
});

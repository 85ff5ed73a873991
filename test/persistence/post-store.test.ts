import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card, PostDraft, PostStore } from '#src/ports/chat.ts';
import { createPostStore } from '#persistence/post-store.ts';
import { openTestStore, type TestStore } from './support.ts';

let store: TestStore;
let posts: PostStore;
let now = Date.parse('2026-11-20T09:00:00.000Z');
let cursor = '';
let made = 0;

beforeAll(async () => {
  store = await openTestStore();
  const ids = { next: () => `post-${(made += 1)}` };
  posts = createPostStore({ orm: store.orm, ids, clock: { now: () => new Date((now += 1_000)) } });
});
beforeEach(() => {
  cursor = `cursor-${(made += 1)}`;
});
afterAll(() => store.close());

const card = (lead: string): Card => ({
  kind: 'message',
  lead,
  tone: 'plain',
  blocks: [{ type: 'text', text: 'x' }],
  actions: [],
  outcome: null,
});
const draft = (key: string, lead: string, id = cursor): PostDraft => ({
  key: `${cursor}-${key}`,
  thread: { kind: 'idea', id },
  author: { kind: 'persona', name: 'piper' },
  card: card(lead),
  mentions: ['ada'],
});

describe('mirrored', () => {
  it('posts what is new and moves the cursor', async () => {
    expect(await posts.cursor(cursor)).toBe(0);
    const changed = await posts.mirrored({ name: cursor, from: 0, to: 7 }, [draft('a', 'first'), draft('b', 'second')]);
    expect(changed).toMatchObject([
      { version: 1, editedAt: null, card: card('first') },
      { version: 1, mentions: ['ada'] },
    ]);
    expect(await posts.cursor(cursor)).toBe(7);
    expect(await posts.thread({ kind: 'idea', id: cursor })).toEqual(changed);
    expect(await posts.get(changed[0]?.id ?? '')).toEqual(changed[0]);
    expect(await posts.get('nobody')).toBeNull();
  });

  it('counts a version only when the card really changed', async () => {
    const [first] = await posts.mirrored({ name: cursor, from: 0, to: 1 }, [draft('a', 'one')]);
    const { kind, lead, ...rest } = card('one');
    const reordered = { ...draft('a', 'one'), card: { ...rest, lead, kind } };
    expect(await posts.mirrored({ name: cursor, from: 1, to: 2 }, [reordered])).toEqual([]);
    const [second] = await posts.mirrored({ name: cursor, from: 2, to: 3 }, [draft('a', 'two')]);
    expect(second).toEqual({ ...first, version: 2, card: card('two'), editedAt: expect.stringMatching(/Z$/) });
    expect(await posts.thread({ kind: 'idea', id: cursor })).toEqual([second]);
  });

  it('edits a post in place, where it stood', async () => {
    await posts.mirrored({ name: cursor, from: 0, to: 1 }, [draft('a', 'one'), draft('b', 'two')]);
    await posts.mirrored({ name: cursor, from: 1, to: 2 }, [draft('a', 'changed')]);
    const leads = (await posts.thread({ kind: 'idea', id: cursor })).map((post) => post.card.lead);
    expect(leads).toEqual(['changed', 'two']);
  });

  it('keeps nothing when the cursor is elsewhere', async () => {
    await posts.mirrored({ name: cursor, from: 0, to: 5 }, []);
    const late = posts.mirrored({ name: cursor, from: 0, to: 6 }, [draft('a', 'twice')]);
    await expect(late).rejects.toMatchObject({ code: 'cursor-moved', retryable: true });
    expect(await posts.cursor(cursor)).toBe(5);
    expect(await posts.thread({ kind: 'idea', id: cursor })).toEqual([]);
  });

  it('lets one of several mirrors through', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => posts.mirrored({ name: cursor, from: 0, to: 1 }, [draft(`n${n}`, 'x')])),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await posts.thread({ kind: 'idea', id: cursor })).toHaveLength(1);
  });

  it('keeps a card whose text no database could hold', async () => {
    await posts.mirrored({ name: cursor, from: 0, to: 1 }, [draft('a', 'out\0put \ud83d')]);
    expect((await posts.thread({ kind: 'idea', id: cursor }))[0]?.card.lead).toBe('out\ufffdput \ufffd');
  });
});

describe('say', () => {
  it('keeps a person’s words once', async () => {
    const first = await posts.say(draft('m', 'hello'));
    expect(first).toMatchObject({ version: 1, card: { lead: 'hello' } });
    expect(await posts.say(draft('m', 'something else'))).toEqual(first);
    expect(await posts.thread({ kind: 'idea', id: cursor })).toEqual([first]);
  });
});

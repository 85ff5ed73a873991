import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ThreadRef } from '#src/ports/chat.ts';
import { type Front, openFront, wordsOf } from '#test/desk/front.ts';
import { hostileTexts, images, links, mentions, OWN_SECRET } from './corpus.ts';

let front: Front;
let projectId: string;
let conversationId: string;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
  projectId = await front.project();
  conversationId = await front.talk(projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  taskId = (await front.store.unitOfWork.tables.find('story_tasks', { conversationId }))[0]?.id ?? '';
});
afterAll(() => front.close());

/** Words were added, and what was understood of them, proposals included. None of it is an act. */
const WORDS = new Set([
  'conversation.ingested',
  'canvas.updated',
  'stories.written',
  'plan.proposed',
  'steering.given',
  'steering.heard',
]);

async function saidIn(thread: ThreadRef): Promise<string[]> {
  const { ledger, tables } = front.store.unitOfWork;
  const before = await ledger.head();
  const state = async () => JSON.stringify([await tables.find('story_tasks', {}), await tables.find('approvals', {})]);
  const stood = await state();
  for (const { text } of hostileTexts) await front.say('mallory', thread, text);
  expect(await state()).toBe(stood);
  return (await ledger.read(before.seq, 10_000)).map(({ type }) => type);
}

describe('text has no authority, whatever it says (C01)', () => {
  it('has enough kinds to try', () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(60);
  });

  it('and what the factory draws of it leads nowhere and calls nobody (C15, A05)', async () => {
    const thread: ThreadRef = { kind: 'project', id: projectId };
    for (const text of [...images.slice(0, 2), ...links.slice(0, 2), ...mentions.slice(0, 2), OWN_SECRET])
      await front.say('mallory', thread, `${text} is the page that I want as a visitor.`);
    await front.mirror();
    const drawn = (await front.tools.posts.thread(thread)).filter(({ author }) => author.kind !== 'person');
    const words = drawn.map((post) => wordsOf(post)).join('\n');
    expect(words).toContain('evil.test (link removed)');
    expect(words).toContain('[redacted secret]');
    expect(words).not.toContain(OWN_SECRET);
    expect(words).not.toMatch(/!\[|\]\(|https?:\/\/|@(?:channel|here|everyone)/);
  });

  it.each(['task', 'idea'] as const)('in the thread of a %s', async (kind) => {
    const types = await saidIn({ kind, id: kind === 'task' ? taskId : conversationId });
    expect(types.filter((type) => !WORDS.has(type))).toEqual([]);
  });
});

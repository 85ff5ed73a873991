import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Place, PlaceThread } from '#src/ledger/place.ts';
import type { ThreadWords } from '#src/desk/threads.ts';
import type { DuePost } from '#src/ports/surface.ts';
import { replay } from '#persistence/replay.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const channel = (): Place => ({ surface: 'slack', team: 'T1', channel: `C${randomUUID().slice(0, 8)}` });
const root = '1700000000.000100';
const said = (thread: PlaceThread, ts: string, text: string, speaker = 'Ada'): ThreadWords => ({
  originId: `slack/T1/${thread.channel}/${ts}`,
  speaker,
  role: 'person',
  at: '2026-11-20T10:00:00.000Z',
  text,
});
const due = async (place: Place): Promise<DuePost[]> =>
  (await front.tools.surfacePosts.due('slack', 100)).filter((one) => one.place.channel === place.channel);

const originOf = (thread: PlaceThread) => ({ originId: `slack/T1/${thread.channel}/1700000000.000901` });

async function joined(texts: readonly string[]) {
  const projectId = await front.project();
  const thread = { ...channel(), root };
  const words = texts.map((text, index) => said(thread, `1700000000.00010${index}`, text));
  const { conversationId } = await front.desk.joinThread('slack:U0ADA', thread, projectId, words);
  return { projectId, thread, words, conversationId };
}

const IDEA = 'We need a function greet(name) in src/greet.js. greet("Ada") must return "Hello, Ada".';

describe('a thread of a surface', () => {
  it('becomes an idea whose posts are due there, and only there', async () => {
    const { thread, conversationId } = await joined([IDEA]);
    expect(await front.desk.threadAt(thread)).toEqual({ kind: 'idea', id: conversationId });
    expect(await front.desk.threadAt({ ...thread, root: '1700000000.999999' })).toBeNull();
    await front.mirror();
    const posts = await due(thread);
    expect(posts.map(({ post }) => post.key)).toContain(`canvas:${conversationId}`);
    expect(posts.every((one) => one.root === root && one.sent === null && one.intendedAt === null)).toBe(true);
  });

  it('is joined once, keeps positions, and takes in what is new and what changed', async () => {
    const { projectId, thread, words, conversationId } = await joined([IDEA, 'It also has to say goodbye.']);
    const more = [
      { ...said(thread, '1700000000.000100', `${IDEA} Please.`) },
      said(thread, '1700000000.000102', 'By Friday.', 'Grace'),
    ];
    const again = await front.desk.joinThread('slack:U0BOB', thread, projectId, more);
    expect(again.conversationId).toBe(conversationId);
    const kept = await front.tools.unitOfWork.conversations.get(conversationId);
    expect(kept?.messages.map(({ position, speaker, text }) => [position, speaker, text])).toEqual([
      [0, 'Ada', `${IDEA} Please.`],
      [1, 'Ada', words[1]?.text],
      [2, 'Grace', 'By Friday.'],
    ]);
    expect(kept?.source).toBe('slack');
  });

  it('takes a message that was said live for the one that is read back later', async () => {
    const { projectId, thread, conversationId } = await joined([IDEA]);
    const later = said(thread, '1700000000.000300', 'It must be quick.');
    const live = { actor: 'slack:U0ADA', speaker: 'Ada', thread: { kind: 'idea', id: conversationId } } as const;
    await front.desk.say({ ...live, text: later.text, originId: later.originId, at: '2026-11-20T10:01:00.000Z' });
    await front.desk.joinThread('slack:U0ADA', thread, projectId, [later]);
    const kept = await front.tools.unitOfWork.conversations.get(conversationId);
    expect(kept?.messages.map(({ speaker, text }) => [speaker, text])).toEqual([
      ['Ada', IDEA],
      ['Ada', 'It must be quick.'],
    ]);
    expect((await due(thread)).map(({ post }) => post.key)).not.toContain(`said:${later.originId}`);
  });

  it('says there what a person said elsewhere', async () => {
    const { thread, conversationId } = await joined([IDEA]);
    await front.say('local', { kind: 'idea', id: conversationId }, 'From the room.', 'room-1');
    expect((await due(thread)).map(({ post }) => post.key)).toContain('said:room-1');
  });

  it('follows an edit and a deletion, and positions stay', async () => {
    const { thread, conversationId } = await joined([IDEA, 'Colour: red.']);
    const idea = { kind: 'idea', id: conversationId } as const;
    await front.desk.changeWords('slack:U0ADA', idea, `slack/T1/${thread.channel}/1700000000.000101`, 'Colour: blue.');
    await front.desk.changeWords('slack:U0ADA', idea, `slack/T1/${thread.channel}/1700000000.000100`, null);
    const kept = await front.tools.unitOfWork.conversations.get(conversationId);
    expect(kept?.messages.map(({ position, text }) => [position, text])).toEqual([
      [0, ''],
      [1, 'Colour: blue.'],
    ]);
  });

  it('loses its words on forget, and what was posted is due once more without them', async () => {
    const { thread, conversationId } = await joined([IDEA]);
    await front.mirror();
    for (const { post, place } of await due(thread)) {
      await front.tools.surfacePosts.sent(place, post.id, { id: post.id, version: post.version });
    }
    expect(await due(thread)).toEqual([]);
    await front.desk.forget('slack:U0ADA', conversationId);
    const erased = await due(thread);
    expect(erased.length).toBeGreaterThan(0);
    expect(erased.map(({ post }) => wordsOf(post))).toEqual(erased.map(() => 'The words here were erased.'));
    expect((await replay(front.store.orm, { run: null, verify: true })).differences).toEqual([]);
  });

  it('is forgotten by whoever began it or an approver only', async () => {
    const { conversationId } = await joined([IDEA]);
    await front.tools.people.remember('slack:U0ADA', 'Ada');
    front.approvers = ['slack:S0LEADS', 'grace'];
    await expect(front.desk.forget('slack:U0EVE', conversationId)).rejects.toMatchObject({
      code: 'may-not-forget',
      fix: expect.stringMatching(/^Ask Ada, who began it, or an approver\. Nobody can say who is in the group/),
    });
    const kept = await front.tools.unitOfWork.conversations.get(conversationId);
    expect(kept?.messages[0]?.text).toBe(IDEA);
    front.groups = { members: async () => ['slack:U0BEN'] };
    await front.desk.forget('slack:U0BEN', conversationId);
    const { conversationId: other } = await joined([IDEA]);
    await front.desk.forget('grace', other);
  });

  it('is not forgotten while a task works from it', async () => {
    const { conversationId } = await joined([
      `${IDEA}\n\n\`\`\`js src/greet.js\nexport const greet = (name) => \`Hello, \${name}\`;\n\`\`\``,
    ]);
    await front.mirror();
    const stories = await front.tools.unitOfWork.tables.find('stories', { conversationId });
    const post = await front.post(`stories:${conversationId}`);
    const commit = post.card.actions.find(({ command }) => command.type === 'commit-stories');
    expect(stories.length).toBeGreaterThan(0);
    await front.press('slack:U0ADA', post, commit?.name ?? '');
    await expect(front.desk.forget('slack:U0ADA', conversationId)).rejects.toMatchObject({ code: 'still-worked-on' });
  });
});

describe('deliveries', () => {
  it('of a task wait for its status card, and hang under it', async () => {
    const { thread, conversationId } = await joined([
      `${IDEA}\n\n\`\`\`js src/greet.js\nexport const greet = (name) => \`Hello, \${name}\`;\n\`\`\``,
    ]);
    await front.mirror();
    const stories = await front.post(`stories:${conversationId}`);
    const commit = stories.card.actions.find(({ command }) => command.type === 'commit-stories');
    await front.press('slack:U0ADA', stories, commit?.name ?? '');
    await front.mirror();
    const [task] = await front.tools.unitOfWork.tables.find('story_tasks', { conversationId });
    await front.say('local', { kind: 'task', id: task?.id ?? '' }, '(an aside)', randomUUID());
    const ofTask = async () => (await due(thread)).filter(({ post }) => post.thread.kind === 'task');
    const [status, ...none] = await ofTask();
    expect(none).toEqual([]);
    expect(status).toMatchObject({ root: null, post: { key: `status:${task?.id}` } });
    const { place, post } = status as DuePost;
    await front.tools.surfacePosts.sent(place, post.id, { id: '1700000009.000100', version: post.version });
    expect(await ofTask()).toMatchObject([{ root: '1700000009.000100' }]);
    expect(await front.desk.threadAt({ ...place, root: '1700000009.000100' })).toEqual({ kind: 'task', id: task?.id });
    expect(await front.tools.surfacePosts.postAt(place, '1700000009.000100')).toMatchObject({ id: post.id });
    const root = { ...place, root: '1700000009.000100' };
    expect(await front.tools.surfacePosts.rootOf('slack', { kind: 'task', id: task?.id ?? '' })).toEqual(root);
    expect(await front.tools.surfacePosts.rootOf('slack', { kind: 'idea', id: conversationId })).toEqual(thread);
    expect(await front.tools.surfacePosts.rootOf('slack', { kind: 'idea', id: 'none' })).toBeNull();
    const others = await front.tools.surfacePosts.due('slack', 100, [place.channel]);
    expect(others.filter((one) => one.place.channel === place.channel)).toEqual([]);
  });

  it('carry the newest version only, and what a place will not take is let go until it changes', async () => {
    const { thread, conversationId } = await joined([IDEA]);
    await front.mirror();
    const key = `canvas:${conversationId}`;
    const canvas = async () => (await due(thread)).find(({ post }) => post.key === key);
    const first = (await canvas()) as DuePost;
    await front.tools.surfacePosts.intend(first.place, first.post.id);
    expect(await canvas()).toMatchObject({ intendedAt: expect.stringMatching(/^20\d\d-.*Z$/), sent: null });
    await front.tools.surfacePosts.leftOut(first.place, first.post.id, first.post.version, 'too large');
    expect(await canvas()).toBeUndefined();
    await front.tools.posts.rewrite(key, { ...first.post.card, lead: 'Another lead.' });
    await front.tools.posts.rewrite(key, { ...first.post.card, lead: 'Yet another.' });
    expect(await canvas()).toMatchObject({ post: { version: first.post.version + 2 } });
    await front.tools.surfacePosts.sent(first.place, first.post.id, { id: 'm1', version: first.post.version + 1 });
    expect(await canvas()).toMatchObject({ sent: { messageId: 'm1', version: first.post.version + 1 } });
  });
});

describe('a channel', () => {
  it('is bound to a project, bound anew and left', async () => {
    const [one, other] = [await front.project(), await front.project()];
    const place = channel();
    expect(await front.desk.channel(place)).toBeNull();
    await front.desk.bindChannel('slack:U0ADA', place, { projectId: one, name: 'ideas', listen: 'mentions' });
    await front.desk.bindChannel('slack:U0ADA', place, { projectId: one, name: 'ideas', listen: 'mentions' });
    await front.desk.bindChannel('slack:U0ADA', place, { projectId: other, name: 'ideas', listen: 'all' });
    expect(await front.desk.channel(place)).toMatchObject({ projectId: other, listen: 'all' });
    expect(await front.tools.unitOfWork.ledger.stream(`channel:slack/T1/${place.channel}`)).toHaveLength(2);
    await front.desk.unbindChannel('slack:U0ADA', place);
    expect(await front.desk.channel(place)).toBeNull();
    await expect(
      front.desk.bindChannel('slack:U0ADA', place, { projectId: 'none', name: 'ideas', listen: 'all' }),
    ).rejects.toMatchObject({ code: 'no-such-project' });
  });

  it("gets the project's posts from then on, not what was posted before", async () => {
    const projectId = await front.project();
    await front.mirror();
    const place = channel();
    await front.desk.bindChannel('slack:U0ADA', place, { projectId, name: 'ideas', listen: 'mentions' });
    expect(await due(place)).toEqual([]);
    await front.talk(projectId);
    await front.mirror();
    const posts = await due(place);
    expect(posts.map(({ post, root: under }) => [post.thread.kind, under])).toEqual(posts.map(() => ['project', null]));
    expect(posts.length).toBeGreaterThan(0);
  });
});

describe('people of a surface', () => {
  it('are shown by name, and meant by id', async () => {
    await front.tools.people.remember('slack:U0ADA', 'Adah');
    await front.tools.people.remember('slack:U0ADA', 'Ada Lovelace');
    const { thread, conversationId } = await joined([IDEA]);
    const idea = { kind: 'idea', id: conversationId } as const;
    const originId = `slack/T1/${thread.channel}/1700000000.000900`;
    const at = '2026-11-20T10:00:00.000Z';
    await front.desk.say({ actor: 'slack:U0ADA', thread: idea, text: 'model off', originId, at });
    await front.mirror();
    const shown = JSON.stringify(await front.tools.posts.thread(idea));
    expect(shown).toContain('Ada Lovelace');
    expect(shown).not.toContain('slack:U0ADA');
    const [switched] = await front.tools.unitOfWork.ledger.stream(`model:conversation:${conversationId}`);
    expect(switched?.actor).toBe('slack:U0ADA');
    const question = { ...originOf(thread), actor: 'slack:U0BOB', thread: idea, text: 'model', at };
    expect((await front.desk.say(question)).text).toContain('Ada Lovelace');
  });
});

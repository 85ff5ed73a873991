import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { BudgetReached } from '#src/model-calls/budget-reached.ts';
import type { BudgetScope } from '#src/model-calls/model-calls.ts';
import type { Post } from '#src/ports/chat.ts';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { type Front, openFront } from './front.ts';

let front: Front;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const tables = () => front.store.unitOfWork.tables;
const say = (text: string, actor = 'ada', id = taskId) => front.say(actor, { kind: 'task', id }, text);
const work = (id = taskId) => passOn(front.store.unitOfWork, createFakeLine().steps)(id);
const taskNow = (id = taskId) => loadTask(front.store.unitOfWork, id);
const raises = (key: string) => tables().find('budget_raises', { key });

/** The build finds the budget used up. */
const runDry = async (scope: BudgetScope, key: string, id = taskId) => {
  const { steps } = createFakeLine({
    build: async () => {
      throw new BudgetReached('Task 1 has used 10 of its 10 tokens.', { scope, key });
    },
  });
  await passOn(front.store.unitOfWork, steps)(id);
};

async function commit(): Promise<string> {
  const conversationId = await front.talk(await front.project());
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  return (await tables().find('story_tasks', { conversationId }))[0]?.id ?? '';
}

async function asks(id = taskId): Promise<Post[]> {
  await front.mirror();
  return (await front.tools.posts.thread({ kind: 'task', id })).filter(({ key }) => key.startsWith('budget:'));
}

async function ask(id = taskId): Promise<Post> {
  const post = (await asks(id)).at(-1);
  if (post === undefined) throw new Error('nothing was asked');
  return post;
}

beforeEach(async () => {
  taskId = await commit();
});

describe('a budget that is used up', () => {
  it('is asked about with two buttons, and mentions the requester (C27)', async () => {
    await runDry('task', taskId);
    const post = await ask();
    expect(post.mentions).toEqual(['ada']);
    expect(post.card).toMatchObject({
      kind: 'question',
      tone: 'waiting',
      lead: expect.stringContaining('10 of its 10'),
    });
    expect(post.card.actions.map(({ label }) => label)).toEqual(['Allow as much again', 'Stop here']);
    expect(await taskNow()).toMatchObject({ status: 'locked', waiting: { kind: 'budget' } });
  });

  it('is raised once by a press, and the work goes on', async () => {
    await runDry('task', taskId);
    const post = await ask();
    expect(await front.press('grace', post, 'allow')).toEqual({ ok: true, text: null });
    expect(await raises(taskId)).toMatchObject([{ scope: 'task', actor: 'grace' }]);
    expect((await ask()).card).toMatchObject({ actions: [], outcome: 'grace allowed as much again.' });
    expect(await tables().get('story_tasks', taskId)).toMatchObject({ waitingKind: null, waitingText: null });
    await work();
    expect((await taskNow())?.status).toBe('in-review');
  });

  it('is raised once by two presses of one card, also at the same moment', async () => {
    await runDry('task', taskId);
    const post = await ask();
    const answers = await Promise.all([front.press('ada', post, 'allow'), front.press('grace', post, 'allow')]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await front.press('linus', post, 'allow')).toMatchObject({
      ok: false,
      text: expect.stringContaining('not'),
    });
    expect(await raises(taskId)).toHaveLength(1);
  });

  it('is asked about again when as much again is used up, even in the same words', async () => {
    await runDry('task', taskId);
    await say('allow');
    await runDry('task', taskId);
    const posts = await asks();
    expect(posts.map(({ card }) => card.outcome)).toEqual(['ada allowed as much again.', null]);
    const [first] = posts;
    if (first !== undefined) expect(await front.press('ada', first, 'allow')).toMatchObject({ ok: false });
    await say('allow', 'grace');
    expect(await raises(taskId)).toHaveLength(2);
  });

  it('of the day goes on with every task that it held up', async () => {
    const other = await commit();
    const day = '2026-11-21';
    await runDry('day', day);
    await runDry('day', day, other);
    await front.press('ada', await ask(), 'allow');
    expect(await raises(day)).toHaveLength(1);
    expect((await taskNow(other))?.waiting).toBeNull();
    expect((await ask(other)).card.outcome).toBe('ada allowed as much again.');
  });

  it('ends with the task when the person stops it', async () => {
    await runDry('step', 'run/1/build');
    const post = await ask();
    expect(await front.press('ada', post, 'stop')).toEqual({ ok: true, text: null });
    expect((await ask()).card.outcome).toBe('ada stopped the task.');
    expect(await front.press('ada', post, 'allow')).toMatchObject({ ok: false });
    expect(await raises('run/1/build')).toEqual([]);
  });

  it('cannot be raised where none is waited for', async () => {
    expect(await say('allow')).toMatchObject({
      ok: false,
      text: expect.stringContaining('does not wait for a budget'),
    });
  });
});

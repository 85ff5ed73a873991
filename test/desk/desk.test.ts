import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { postsFor } from '#src/desk/mirror.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { systemClock } from '#src/ports/clock.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { draft } from '#test/persistence/support.ts';
import { noGroups } from '#src/ports/groups.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let projectId: string;
let conversationId: string;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const tables = () => front.store.unitOfWork.tables;
const thread = (): ThreadRef => ({ kind: 'task', id: taskId });
const work = (stunts: Partial<Record<StepName, Stunt>> = {}) =>
  passOn(front.store.unitOfWork, createFakeLine(stunts).steps)(taskId);
const fail: Stunt = () => Promise.reject(new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.' }));

async function taskNow(): Promise<Task> {
  const task = await loadTask(front.store.unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

async function commit(): Promise<void> {
  await front.mirror();
  const card = await front.post(`stories:${conversationId}`);
  expect(await front.press('ada', card, 'commit')).toEqual({ ok: true, text: null });
  const [task] = await tables().find('story_tasks', { conversationId });
  taskId = task?.id ?? '';
  await front.mirror();
}

beforeEach(async () => {
  front.approvers = ['grace', 'linus'];
  front.closed.length = 0;
  front.refuseToClose = null;
  projectId = await front.project();
  conversationId = await front.talk(projectId);
  await commit();
});

describe('committing', () => {
  it('makes one task with its brief, its sprint and the code that was found', async () => {
    const task = await tables().get('story_tasks', taskId);
    expect(task).toMatchObject({ number: 1, requester: 'ada', state: 'ready' });
    expect(wordsOf(await front.post(`tasks:${conversationId}`))).toContain('1 ·');
    const brief = await front.store.unitOfWork.artifacts.get((await taskNow()).artifacts.brief);
    expect(brief === null ? null : contentOf(brief)).toMatchObject({
      changeSet: { edits: expect.arrayContaining([expect.objectContaining({ path: 'src/greet.js' })]) },
      speakers: { '0': 'You', '1': 'ChatGPT', '2': 'You' },
    });
  });

  it('takes a press on a card that has changed for nothing', async () => {
    const card = await front.post(`stories:${conversationId}`);
    const answer = await front.press('ada', { ...card, version: card.version - 1 }, 'commit');
    expect(answer).toMatchObject({ ok: false });
    expect(await tables().find('story_tasks', { conversationId })).toHaveLength(1);
  });
});

describe('the mirror', () => {
  it('draws the same facts as the same posts, however often', async () => {
    await work();
    const { modelFor, approvers } = front.tools;
    const views = { ...front.store.unitOfWork, clock: systemClock, modelFor, approvers };
    const events = await front.store.unitOfWork.ledger.read(0, 10_000);
    const first = await postsFor(events, views);
    const second = await postsFor(events, views);
    expect(second.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
    expect(new Set(first.map(({ key }) => key)).size).toBe(first.length);
    await front.mirror();
    const before = await front.tools.posts.thread(thread());
    await front.mirror();
    expect(await front.tools.posts.thread(thread())).toEqual(before);
  });

  it('draws nothing anew where a step was given lessons', async () => {
    const { modelFor, approvers } = front.tools;
    const { unitOfWork } = front.store;
    const use = { taskId, runId: taskId, attempt: 1, step: 'build', persona: 'ollan', lessonIds: ['lesson'] };
    await unitOfWork.transact(async (transaction) => {
      transaction.append(`lesson-uses:${taskId}`, 0, [draft('lesson.used', use, { taskId, runId: taskId })]);
    });
    const used = await unitOfWork.ledger.stream(`lesson-uses:${taskId}`);
    expect(used).toHaveLength(1);
    expect(await postsFor(used, { ...unitOfWork, clock: systemClock, modelFor, approvers })).toEqual([]);
  });

  it('gives the task one status card that is edited in place', async () => {
    const first = await front.post(`status:${taskId}`);
    await work();
    await front.mirror();
    const after = await front.post(`status:${taskId}`);
    expect(after.id).toBe(first.id);
    expect(after.version).toBeGreaterThan(first.version);
    expect(wordsOf(after)).toContain('waits for review');
  });
});

describe('the review card', () => {
  beforeEach(async () => {
    await work();
    await front.mirror();
  });
  const card = () => front.post(`review:${taskId}:1`);

  it('asks the approvers, and binds its button to the head and the diff that it shows (C04)', async () => {
    const { card: shown, mentions } = await card();
    const { pullRequest } = await taskNow();
    expect(mentions).toEqual(['grace', 'linus']);
    expect(shown.actions.map(({ name }) => name)).toEqual(['approve', 'request-changes', 'reject']);
    expect(shown.actions[0]?.command).toEqual({
      type: 'approve',
      taskId,
      headSha: pullRequest?.headSha,
      diffHash: pullRequest?.diffHash,
    });
  });

  it('says who approved and what became of it, in place of its buttons', async () => {
    expect(await front.press('grace', await card(), 'approve')).toEqual({ ok: true, text: null });
    await front.mirror();
    expect((await card()).card).toMatchObject({ actions: [], outcome: 'Approved by grace · merging' });
    await work();
    await front.mirror();
    expect((await card()).card.outcome).toMatch(/^Approved by grace · merged as [0-9a-f]{7}$/);
  });

  it('tells a second presser that it is decided, before and after it was redrawn', async () => {
    const before = await card();
    await front.press('grace', before, 'approve');
    expect(await front.press('linus', before, 'approve')).toMatchObject({
      ok: false,
      text: expect.stringContaining('grace'),
    });
    await front.mirror();
    expect(await front.press('linus', before, 'approve')).toMatchObject({
      ok: false,
      text: expect.stringContaining('Approved by grace'),
    });
  });

  it.each([
    { actor: 'ada', says: 'not an approver' },
    { actor: 'vera', says: 'persona' },
  ])('refuses $actor in words that say why and whom to ask', async ({ actor, says }) => {
    const answer = await front.press(actor, await card(), 'approve');
    expect(answer).toMatchObject({ ok: false, text: expect.stringContaining(says) });
    expect(answer.text).toContain('Ask ');
    expect((await taskNow()).status).toBe('in-review');
  });

  it('needs words with a request for changes, and passes them on', async () => {
    expect(await front.press('grace', await card(), 'request-changes', '  ')).toMatchObject({
      ok: false,
      text: expect.stringContaining('What should change?'),
    });
    expect(await front.press('grace', await card(), 'request-changes', 'Greet in French.')).toEqual({
      ok: true,
      text: null,
    });
    await front.mirror();
    expect((await card()).card.outcome).toBe('grace asked for changes.');
    const asks = (await front.tools.posts.thread(thread())).filter((post) => post.card.kind === 'question');
    expect(asks).toHaveLength(1);
    expect(wordsOf(asks[0] ?? (await card()))).toContain('Greet in French.');
    expect(asks[0]?.mentions).toEqual(['ada']);
    const status = await front.post(`status:${taskId}`);
    expect(status.card).toMatchObject({
      lead: expect.stringContaining('waits for the changes that were asked for.'),
      tone: 'waiting',
    });
    expect(wordsOf(status)).not.toContain('blocked');
  });

  it('has a model mend at once what was asked, on the same plan and the same locked tests', async () => {
    front.model = true;
    try {
      const answer = await front.press('grace', await card(), 'request-changes', 'Greet in French.');
      expect(answer).toEqual({ ok: true, text: 'Ollan takes it up.' });
      expect(await taskNow()).toMatchObject({ status: 'locked', attempt: 1 });
      expect((await taskNow()).artifacts.comment).not.toBeNull();
    } finally {
      front.model = false;
    }
  });

  it('is rejected with its pull request closed and the rejecter named', async () => {
    await front.press('ada', await card(), 'reject', '');
    expect(front.closed).toHaveLength(1);
    await front.mirror();
    expect((await card()).card.outcome).toContain('Rejected by ada');
  });

  it('keeps what came of it when a newer card asks again', async () => {
    await front.press('grace', await card(), 'request-changes', 'Greet in French.');
    await front.say('ada', thread(), 'retry');
    await work();
    await front.mirror();
    expect((await card()).card.outcome).toBe('grace asked for changes.');
    const second = await front.post(`review:${taskId}:2`);
    expect(second.card.outcome).toBeNull();
    await front.press('grace', second, 'reject', '');
    await front.mirror();
    expect((await card()).card.outcome).toBe('grace asked for changes.');
    expect((await front.post(`review:${taskId}:2`)).card.outcome).toContain('Rejected by grace');
  });

  it('does not claim that it merges when the merge was stopped or blocked', async () => {
    await front.press('grace', await card(), 'approve');
    await work({ merge: fail });
    await front.mirror();
    expect((await card()).card.outcome).toMatch(/^Approved by grace · not merged/);
    await front.say('ada', thread(), 'stop');
    await front.mirror();
    expect((await card()).card.outcome).toMatch(/^Approved by grace · not merged/);
  });
});

describe('stop', () => {
  it('stops the task, closes its pull request and gives the story back', async () => {
    await work();
    expect(await front.say('ada', thread(), 'stop')).toEqual({ ok: true, text: null });
    expect(front.closed).toHaveLength(1);
    expect((await taskNow()).status).toBe('cancelled');
    const task = await tables().get('story_tasks', taskId);
    expect((await tables().get('stories', task?.storyId ?? ''))?.status).toBe('proposed');
  });

  it('stands even where the forge cannot close, and says so', async () => {
    await work();
    front.refuseToClose = new FactoryError('repo-not-found', 'The repository is gone.', { fix: 'Bring it back.' });
    expect(await front.say('ada', thread(), 'stop')).toMatchObject({
      ok: true,
      text: expect.stringContaining('The repository is gone.'),
    });
    expect((await taskNow()).status).toBe('cancelled');
  });

  it('comes too late once the merge is done, and does not pretend otherwise', async () => {
    await work();
    await front.mirror();
    await front.press('grace', await front.post(`review:${taskId}:1`), 'approve');
    front.refuseToClose = new FactoryError('pull-request-merged', 'It is merged already.', { fix: 'Revert it.' });
    expect(await front.say('ada', thread(), 'stop')).toEqual({ ok: false, text: 'It is merged already. Revert it.' });
    expect((await taskNow()).status).toBe('approved');
  });
});

describe('cards that are gone or decided', () => {
  it('are answered in words', async () => {
    const nobody = { id: '01980000-0000-7000-8000-00000000dead', version: 1 };
    const post = await front.post(`status:${taskId}`);
    expect(await front.press('ada', { ...post, ...nobody }, 'stop')).toMatchObject({
      ok: false,
      text: expect.stringContaining('not here any more'),
    });
    expect(await front.press('ada', post, 'fly')).toMatchObject({
      ok: false,
      text: expect.stringContaining('not on the card'),
    });
  });

  it('pause, resume and stop from the status card', async () => {
    const press = async (action: string) => {
      await front.mirror();
      return front.press('ada', await front.post(`status:${taskId}`), action);
    };
    expect(await press('pause')).toEqual({ ok: true, text: null });
    expect(await press('resume')).toEqual({ ok: true, text: null });
    expect(await press('stop')).toEqual({ ok: true, text: null });
    expect((await taskNow()).status).toBe('cancelled');
    expect(await press('stop')).toMatchObject({ ok: false });
  });

  it('retry from the question of a blocked task', async () => {
    await work({ plan: fail });
    await front.mirror();
    const [ask] = (await front.tools.posts.thread(thread())).filter((post) => post.card.kind === 'question');
    if (ask === undefined) throw new Error('nothing was asked');
    expect(wordsOf(ask)).toContain('The disk is full.');
    expect(wordsOf(ask)).toContain('Make room.');
    expect(await front.press('linus', ask, 'retry')).toEqual({ ok: true, text: null });
    await front.mirror();
    expect((await front.tools.posts.get(ask.id))?.card.outcome).toBe('linus asked for another go.');
  });
});

describe('the overview', () => {
  const waitsFor = async (actor: string) =>
    (await front.desk.overview(actor)).waiting.filter(({ thread: { id } }) => id === taskId);
  const ask = (who: string) =>
    front.store.orm.em
      .fork()
      .getConnection()
      .execute('UPDATE story_tasks SET waiting_who = ? WHERE id = ?', [who, taskId]);

  it('says for whom a review waits: those who may approve it, not whoever committed it', async () => {
    await work();
    for (const [actor, isMine] of [
      ['grace', true],
      ['linus', true],
      ['ada', false],
      ['eve', false],
    ] as const)
      expect(await waitsFor(actor), actor).toMatchObject([{ isMine, whom: ['grace', 'linus'] }]);
    await ask('ada, grace');
    expect(await waitsFor('ada')).toMatchObject([{ isMine: false }]);
  });

  it('counts the members of a group, asks about it once a minute, and shows it to nobody where it cannot be read', async () => {
    await work();
    await ask('slack:S0LEADS');
    let asked = 0;
    const answer = async () => {
      asked += 1;
      return ['slack:U0BEN'];
    };
    front.groups = { members: answer };
    expect(await waitsFor('slack:U0BEN')).toMatchObject([{ isMine: true, whom: ['slack:S0LEADS'] }]);
    expect(await waitsFor('slack:U0EVE')).toMatchObject([{ isMine: false }]);
    expect(asked).toBe(1);
    await ask('slack:S0OTHER');
    front.groups = noGroups;
    expect(await waitsFor('slack:U0BEN')).toMatchObject([{ isMine: false }]);
  });

  it('puts what waits for me before what moved later and waits for others', async () => {
    await work({ plan: fail });
    conversationId = await front.talk(projectId);
    await commit();
    await work();
    const { waiting } = await front.desk.overview('ada');
    const mine = waiting.map(({ isMine }) => isMine);
    expect(mine).toContain(true);
    expect(mine).toContain(false);
    expect(mine).toEqual(mine.toSorted((one, other) => Number(other) - Number(one)));
  });

  it('lists what waits for a person, and where', async () => {
    await work({ plan: fail });
    const { waiting, projects } = await front.desk.overview('ada');
    expect(waiting.filter((entry) => entry.thread.id === taskId)).toMatchObject([
      { text: expect.stringContaining('The disk is full.') },
    ]);
    expect(projects.find(({ id }) => id === projectId)).toMatchObject({
      active: true,
      repository: { path: '/srv/greetings', baseBranch: 'main' },
    });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StepName } from '#src/code-factory/task-status.ts';
import { FactoryError } from '#src/errors.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let conversationId: string;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const tables = () => front.store.unitOfWork.tables;
const reverts = (): Promise<StoryTaskRow[]> => tables().find('story_tasks', { reverts: taskId });
const work = (id: string, stunts: Partial<Record<StepName, Stunt>> = {}) =>
  passOn(front.store.unitOfWork, createFakeLine(stunts).steps)(id);
const names = async (key: string) => (await front.post(key)).card.actions.map(({ name }) => name);
const outcome = async () => (await front.post(`review:${taskId}:1`)).card.outcome ?? '';

async function merge(id: string, actor: string): Promise<void> {
  await work(id);
  await front.mirror();
  expect(await front.press(actor, await front.post(`review:${id}:1`), 'approve')).toMatchObject({ ok: true });
  await work(id);
  await front.mirror();
}

beforeEach(async () => {
  front.approvers = ['grace', 'linus'];
  front.model = false;
  conversationId = await front.talk(await front.project());
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  taskId = (await tables().find('story_tasks', { conversationId }))[0]?.id ?? '';
  await merge(taskId, 'grace');
});

const pressRevert = async (actor: string) => front.press(actor, await front.post(`review:${taskId}:1`), 'revert');

describe('the button on a merged card', () => {
  it('stands there once the change is merged, asks once more, and says what it starts', async () => {
    const [action, ...others] = (await front.post(`review:${taskId}:1`)).card.actions;
    expect(others).toEqual([]);
    expect(action).toMatchObject({ name: 'revert', style: 'danger', command: { type: 'revert', taskId } });
    expect(action?.confirm).toContain('a task of its own');
  });

  it('opens one task, whoever presses, from however many surfaces (C05)', async () => {
    const seen = await front.post(`review:${taskId}:1`);
    const answers = await Promise.all(['grace', 'ada', 'linus'].map((actor) => front.press(actor, seen, 'revert')));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const [revert, ...others] = await reverts();
    expect(others).toEqual([]);
    for (const { ok, text } of answers)
      expect(text).toBe(
        `Task ${revert?.number} takes ${ok ? 'it' : `task 1`} back${ok ? '.' : ' already. Look at its card.'}`,
      );
    await front.mirror();
    expect(await names(`review:${taskId}:1`)).toEqual([]);
    expect(await outcome()).toMatch(/^Approved by grace · merged as [0-9a-f]{7} · task 2 takes it back$/);
    expect(await front.press('grace', seen, 'revert')).toEqual({
      ok: false,
      text: `This is decided already: ${await outcome()}`,
    });
  });

  it('is in the release notes with who approved it, and out of them once it is taken back', async () => {
    const { projectId } = (await tables().get('story_tasks', taskId)) ?? { projectId: '' };
    const ask = () => front.say('ada', { kind: 'project', id: projectId }, '@Tess release notes');
    expect(await ask()).toMatchObject({
      ok: true,
      text: expect.stringMatching(
        /^\*\*Greetings\*\*\n\n\*\*.+\*\*\n- .+ \(task 1, pull request 1, approved by grace\)$/,
      ),
    });
    await pressRevert('grace');
    await merge((await reverts())[0]?.id ?? '', 'linus');
    expect((await ask()).text).toBe(
      'Nothing was merged in Greetings that still stands. 1 change was merged, then reverted, and left out here.',
    );
  });

  it('is for approvers and the requester, and for nobody else (C07)', async () => {
    expect(await pressRevert('eve')).toMatchObject({
      ok: false,
      text: expect.stringContaining('eve is not an approver'),
    });
    front.approvers = ['linus'];
    expect(await pressRevert('grace')).toMatchObject({ ok: false });
    expect(await reverts()).toEqual([]);
    expect(await pressRevert('ada')).toMatchObject({ ok: true });
  });

  it('has a task of its own that shows its way and can be stopped, which leaves the merged one as it was', async () => {
    await pressRevert('grace');
    const id = (await reverts())[0]?.id ?? '';
    await front.mirror();
    expect(wordsOf(await front.post(`tasks:${conversationId}`))).toContain('Revert "');
    const stop = (await front.post(`status:${id}`)).card.actions.find(({ name }) => name === 'stop');
    expect(stop?.confirm).toContain('what it was to take back stays merged');
    expect(await front.press('grace', await front.post(`status:${id}`), 'stop')).toMatchObject({ ok: true });
    await front.mirror();
    expect(await names(`review:${taskId}:1`)).toEqual(['revert']);
    expect(await outcome()).not.toContain('back');
    expect(wordsOf(await front.post(`stories:${conversationId}`))).toContain('In the sprint');
  });
});

describe('a change that was taken back', () => {
  beforeEach(async () => {
    await pressRevert('grace');
    await merge((await reverts())[0]?.id ?? '', 'linus');
  });

  it('says so wherever it stands, and leads to the task that did it', async () => {
    const revert = (await reverts())[0];
    expect(await outcome()).toMatch(/ · reverted by task 2$/);
    const { blocks } = (await front.post(`review:${taskId}:1`)).card;
    const lists = blocks.flatMap((block) => (block.type === 'list' ? block.items : []));
    expect(lists).toContainEqual(expect.objectContaining({ thread: { kind: 'task', id: revert?.id }, mark: 'done' }));
    expect(wordsOf(await front.post(`status:${taskId}`))).toContain('was merged, then reverted');
    expect(wordsOf(await front.post(`tasks:${conversationId}`))).toContain('1 merged, 1 reverted');
    expect(wordsOf(await front.post(`stories:${conversationId}`))).toContain('Merged, then reverted');
  });

  it('offers its own revert on the card of the task that took it back', async () => {
    const id = (await reverts())[0]?.id ?? '';
    expect(await names(`review:${taskId}:1`)).toEqual([]);
    expect(await names(`review:${id}:1`)).toEqual(['revert']);
    await front.press('linus', await front.post(`review:${id}:1`), 'revert');
    const again = (await tables().find('story_tasks', { reverts: id }))[0]?.id ?? '';
    await merge(again, 'grace');
    expect(await names(`review:${taskId}:1`)).toEqual(['revert']);
    expect(wordsOf(await front.post(`stories:${conversationId}`))).toContain('In the sprint');
  });
});

describe('a revert that later work stands in the way of', () => {
  const conflict: Stunt = () =>
    Promise.reject(new FactoryError('revert-conflict', 'Later work changed "a.js".', { fix: 'Take over.' }));

  it('is a person’s: the card says what conflicts, and the button hands the branch over', async () => {
    front.model = true;
    await pressRevert('grace');
    const id = (await reverts())[0]?.id ?? '';
    await work(id, { build: conflict });
    await front.mirror();
    const blocked = (await front.tools.posts.thread({ kind: 'task', id })).find(({ key }) =>
      key.startsWith('blocked:'),
    );
    expect(blocked === undefined ? '' : wordsOf(blocked)).toContain('Later work changed "a.js".');
    expect(blocked?.card.actions.map(({ name }) => name)).toEqual(['take-over', 'stop']);
    const answer = await front.say('ada', { kind: 'task', id }, 'Could you try it in another way?');
    expect(answer).toMatchObject({ ok: true, text: expect.stringContaining('Git alone does a revert') });
  });
});

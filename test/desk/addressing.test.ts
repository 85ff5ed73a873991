import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createThinking } from '#src/code-factory/create-thinking.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { addressIn } from '#src/desk/address.ts';
import { FactoryError } from '#src/errors.ts';
import type { DeskAnswer, ThreadRef } from '#src/ports/chat.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { type Front, openFront } from './front.ts';

describe('words that are for a persona', () => {
  it.each([
    ['Mason, why two files?', 'mason', 'why two files?'],
    ['mason: why two files?', 'mason', 'why two files?'],
    ['@VERA, test the empty name.', 'vera', 'test the empty name.'],
  ])('“%s” name it at the beginning', (said, to, words) => {
    expect(addressIn(said)).toEqual({ to, words });
  });

  it.each([
    'Mason is slow today.',
    'Why, Mason?',
    'Mason, Ollan and Vera did well.',
    'Masonry: we need walls.',
    'Mason,',
    'Mason’s plan: two files.',
  ])('“%s” is talk that merely has a name in it', (said) => {
    expect(addressIn(said)).toBeNull();
  });
});

let front: Front;
let conversationId: string;
let taskId: string;
beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const thread = (): ThreadRef => ({ kind: 'task', id: taskId });
const idea = (): ThreadRef => ({ kind: 'idea', id: conversationId });
const work = (stunts: Partial<Record<StepName, Stunt>> = {}) =>
  passOn(front.store.unitOfWork, createFakeLine(stunts).steps)(taskId);
const fail: Stunt = () => Promise.reject(new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.' }));

async function taskNow(): Promise<Task> {
  const task = await loadTask(front.store.unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

/** What this persona has in front of it when it thinks now. */
async function heardBy(persona: PersonaName): Promise<string[]> {
  const thinking = createThinking({
    unitOfWork: front.store.unitOfWork,
    clock: systemClock,
    office: { for: () => expect.unreachable() },
    budgets: { taskUsd: null, dayUsd: null, stepTokens: null } as never,
  });
  return (await thinking.hear(await taskNow(), persona)).map(({ text }) => text);
}

beforeEach(async () => {
  front.model = true;
  const projectId = await front.project();
  conversationId = await front.talk(projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  taskId = (await front.store.unitOfWork.tables.find('story_tasks', { conversationId }))[0]?.id ?? '';
});

describe('a persona that is spoken to in a task’s thread', () => {
  it('answers itself, and has the words in its own step; nobody before it does', async () => {
    const answer = await front.say('ada', thread(), 'Mason, why two files?');
    expect(answer).toEqual({ ok: true, text: 'I read this before I plan.', by: 'mason' });
    expect((await taskNow()).steering).toMatchObject([{ to: 'mason', heard: false }]);
    expect(await heardBy('piper')).toEqual([]);
    expect((await taskNow()).steering).toMatchObject([{ heard: false }]);
    expect(await heardBy('mason')).toEqual(['Mason, why two files?']);
    expect(await heardBy('ollan')).toEqual(['Mason, why two files?']);
    await front.mirror();
    const heard = (await front.tools.posts.thread(thread())).filter(({ key }) => key.startsWith('heard:'));
    expect(heard.map(({ author }) => author)).toEqual([{ kind: 'persona', name: 'mason' }]);
  });

  it('says so when it is at work, and when it waits for the work to come back', async () => {
    let whileBuilding: DeskAnswer | null = null;
    await work({
      build: async (_context, done) => {
        whileBuilding = await front.say('ada', thread(), 'Ollan: mind the empty name.');
        return done();
      },
    });
    expect(whileBuilding).toMatchObject({ text: 'I am at it, and read this before I go on.', by: 'ollan' });
    const inReview = await front.say('ada', thread(), 'Ollan, use a template.');
    expect(inReview).toMatchObject({ by: 'ollan', text: expect.stringContaining('Press Request changes') });
  });

  it('says when nothing of its is left to do, and nobody acts on the words', async () => {
    await work({ build: fail });
    const answer = await front.say('ada', thread(), 'Mason, why two files?');
    expect(answer).toMatchObject({ ok: true, by: 'mason', text: expect.stringContaining('The plan is made') });
    expect((await taskNow()).steering).toEqual([]);
    expect((await front.say('ada', thread(), 'Moltbot, what did we learn?')).text).toContain('no step in a task');
    const posts = await front.tools.posts.thread(thread());
    expect(posts.map(({ card }) => card.lead)).toContain('Mason, why two files?');
  });

  it('makes nothing up without a model', async () => {
    front.model = false;
    const answer = await front.say('ada', thread(), 'Mason, why two files?');
    expect(answer).toMatchObject({ ok: true, by: 'mason', text: expect.stringContaining('Without a model I cannot') });
    expect((await taskNow()).steering).toEqual([]);
  });

  it('obeys a command like any other', async () => {
    await front.say('ada', thread(), 'Mason, pause');
    expect((await taskNow()).paused).toBe(true);
  });

  it('hands on what was meant for it once it has no step left', async () => {
    await front.say('ada', thread(), 'Mason, keep it small.');
    await work({ build: fail });
    expect((await taskNow()).artifacts.plan).not.toBeNull();
    expect(await heardBy('ollan')).toEqual(['Mason, keep it small.']);
  });

  it('is not meant by talk that begins with its name', async () => {
    const answer = await front.say('ada', thread(), 'Mason is slow today');
    expect(answer).not.toHaveProperty('by');
    expect((await taskNow()).steering).toMatchObject([{ to: null }]);
  });
});

describe('a persona that is spoken to in an idea’s thread', () => {
  it('is Piper, who takes the words in without her name, and answers', async () => {
    const answer = await front.say('ada', idea(), 'Piper, it must be done in under a second.');
    expect(answer).toMatchObject({ by: 'piper', text: expect.stringContaining('stands on the canvas') });
    const kept = await front.store.unitOfWork.conversations.get(conversationId);
    expect(kept?.messages.at(-1)?.text).toBe('it must be done in under a second.');
    front.model = false;
    const asked = await front.say('ada', idea(), 'Piper, is that all?');
    expect(asked).toMatchObject({ by: 'piper', text: expect.stringContaining('Without a model I cannot answer') });
  });

  it('is heard in its one task, or says that it has none', async () => {
    const before = (await front.store.unitOfWork.conversations.get(conversationId))?.messages.length;
    const answer = await front.say('ada', idea(), 'Vera, test the empty name.');
    expect(answer).toMatchObject({ by: 'vera', text: expect.stringMatching(/^Task \d+: I read this before/) });
    expect((await taskNow()).steering).toMatchObject([{ to: 'vera' }]);
    await front.say('ada', thread(), 'stop');
    const late = await front.say('ada', idea(), 'Vera, test the long name.');
    expect(late).toMatchObject({ by: 'vera', text: expect.stringContaining('nobody acts on them') });
    expect((await front.store.unitOfWork.conversations.get(conversationId))?.messages).toHaveLength(before ?? 0);
  });
});

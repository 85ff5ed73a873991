import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Post, ThreadRef } from '#src/ports/chat.ts';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import { replay } from '#persistence/replay.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let projectId: string;
let conversationId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

beforeEach(async () => {
  front.model = false;
  projectId = await front.project();
  conversationId = await front.talk(projectId);
});

const tables = () => front.store.unitOfWork.tables;
const room = (): ThreadRef => ({ kind: 'project', id: projectId });
const idea = (): ThreadRef => ({ kind: 'idea', id: conversationId });
const say = (text: string, thread = room(), actor = 'ada') => front.say(actor, thread, text);
const sprints = () => tables().find('sprints', { projectId }, { orderBy: 'number' });
const tasks = () => tables().find('story_tasks', { projectId }, { orderBy: 'number' });
const work = async () => {
  for (const { id } of await tasks()) await passOn(front.store.unitOfWork, createFakeLine().steps)(id);
};

/** The newest post of the thread that says so. */
async function find(words: string, thread = room()): Promise<Post> {
  await front.mirror();
  const found = (await front.tools.posts.thread(thread)).findLast((post) => wordsOf(post).includes(words));
  if (found === undefined) throw new Error(`nothing says ${words}`);
  return found;
}

/** Approves the pull request of the task with this number, and merges it. */
async function merge(number: number): Promise<void> {
  await work();
  const task = (await tasks()).find((candidate) => candidate.number === number);
  const review = await find('Please decide on', { kind: 'task', id: task?.id ?? '' });
  expect(await front.press('grace', review, 'approve')).toMatchObject({ ok: true });
  await work();
}

async function close(actor = 'linus'): Promise<void> {
  expect(await say('sprint close')).toEqual({ ok: true, text: null });
  expect(await front.press(actor, await find('Close sprint'), 'close-sprint')).toEqual({ ok: true, text: null });
  await front.mirror();
}

describe('sprint start', () => {
  it('opens a sprint with its goal, on a card of its own', async () => {
    expect(await say('sprint start Greet  everybody by name.')).toEqual({ ok: true, text: 'Sprint 1 is open.' });
    expect(await sprints()).toMatchObject([{ number: 1, status: 'open', goal: 'Greet everybody by name.' }]);
    expect(wordsOf(await find('Sprint 1: nothing is in it yet; 14 days left.'))).toContain('Greet everybody by name.');
    expect(await say('run', idea())).toMatchObject({ ok: true });
    expect((await tasks()).map(({ sprintId }) => sprintId)).toEqual([(await sprints())[0]?.id]);
  });

  it('says so when one is open, and changes its goal', async () => {
    expect((await say('sprint start')).text).toContain('Sprint 1 is open. Name its goal');
    expect((await say('sprint start')).text).toContain('open already. Name a goal');
    expect((await say('@Tess sprint start: Greet')).text).toBe('Sprint 1 is open already. Its goal is changed.');
    expect((await say('/sprint start Greet')).text).toContain('That is its goal already.');
    expect(await sprints()).toMatchObject([{ goal: 'Greet' }]);
    expect(wordsOf(await find('Sprint 1: '))).toContain('Greet');
  });

  it('opens one sprint, however many say it at once', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, index) => say('sprint start', room(), `p${index}`)));
    expect(await sprints()).toHaveLength(1);
  });

  it.each(['sprint start is on Monday', 'Sprint start was late, I think.', 'when does the sprint start?'])(
    'is not heard in “%s” (C01)',
    async (text) => {
      await say(text, idea());
      expect(await sprints()).toEqual([]);
    },
  );

  it('refuses a goal that no card holds', async () => {
    expect(await say(`sprint start ${'a'.repeat(201)}`)).toMatchObject({
      ok: false,
      text: expect.stringContaining('at most 200'),
    });
    expect(await sprints()).toEqual([]);
  });
});

describe('sprint plan', () => {
  it('shows what can start, in order, and commits by the same button', async () => {
    expect(await say('sprint plan')).toEqual({ ok: true, text: null });
    const plan = await find('can start.');
    expect(wordsOf(plan)).toContain('no sprint was closed yet');
    const [story] = await tables().find('stories', { conversationId });
    expect(wordsOf(plan)).toContain(`${story?.points} point`);
    expect(plan.card.actions.map(({ label }) => label)).toEqual(['Commit to sprint']);
    expect(await front.press('ada', plan, 'commit-1')).toEqual({ ok: true, text: null });
    expect(await tasks()).toHaveLength(1);
    const left = await front.tools.posts.get(plan.id);
    expect(left?.card).toMatchObject({ lead: 'No story in the backlog can start now.', actions: [] });
    expect(await front.press('linus', plan, 'commit-1')).toMatchObject({ ok: false });
  });

  it('has one button an idea, and none without a repository', async () => {
    await front.talk(projectId);
    await say('sprint plan', idea());
    const plan = await find('2 stories with', idea());
    expect(plan.card.actions.map(({ label }) => label)).toEqual(Array(2).fill('Commit “A greeting for visitors”'));

    const { projectId: bare } = await front.desk.createProject('ada', 'Bare');
    await front.talk(bare);
    await front.say('ada', { kind: 'project', id: bare }, 'sprint plan');
    const unbound = await find('Name a repository', { kind: 'project', id: bare });
    expect(unbound.card.actions).toEqual([]);
  });

  it('sets what waits beside what the last sprints got done, with what goes on', async () => {
    await say('run');
    await close();
    await front.talk(projectId);
    await say('sprint plan');
    const plan = wordsOf(await find('can start.'));
    expect(plan).toContain('0 a sprint (sprint 1: 0 points in 1 day)');
    expect(plan).toContain('Goes on from sprint 1');
    expect(plan).toContain('the last sprints got 0 done');
  });
});

describe('sprint close', () => {
  it('asks first, and turns the card into what came of the sprint', async () => {
    await say('run');
    await front.talk(projectId);
    await say('sprint close');
    const ask = await find('Close sprint 1?');
    expect(ask.card.actions).toMatchObject([{ label: 'Close sprint 1', style: 'danger' }]);
    expect(ask.card.lead).toContain('1 task goes on and counts to the next sprint.');
    expect((await sprints())[0]?.status).toBe('open');

    await front.press('linus', ask, 'close-sprint');
    expect(await front.tools.posts.get(ask.id)).toMatchObject({ card: { actions: [], outcome: 'Closed by linus.' } });
    const [sprint] = await sprints();
    expect(sprint).toMatchObject({ status: 'closed', donePoints: 0, closedAt: expect.any(String) });
    const card = await find('Sprint 1 is closed: 0 of');
    expect(card).toMatchObject({ key: `sprint:${sprint?.id}`, card: { outcome: 'Closed by linus.' } });
    expect(wordsOf(card)).toContain('Goes on, and counts to the next sprint');
    expect((await say('status')).text).toContain('No sprint is open.');
    expect((await say('sprint close')).text).toContain('nothing to close');
  });

  it('counts what was merged in it, and nothing that is merged later', async () => {
    await say('run');
    await merge(1);
    await front.talk(projectId);
    await say('run');
    const [merged, open] = await tasks();
    expect([merged?.state, open?.state]).toEqual(['merged', 'ready']);
    await close();
    const points = merged?.points ?? 0;
    const planned = points + (open?.points ?? 0);
    expect((await sprints())[0]).toMatchObject({ points: planned, donePoints: points });
    const card = await find(`Sprint 1 is closed: ${points} of ${planned} points done in 1 day.`);
    expect(wordsOf(card)).toMatch(/1 · .*\n.*\nDone\n2 · .*\n.*\nGoes on, and counts to the next sprint/);

    await merge(2);
    await say('sprint start');
    expect(await sprints()).toMatchObject([{ donePoints: points }, { status: 'open' }]);
    await find(`Sprint 2: ${open?.points} of ${open?.points} points done`);
  });

  it('lets unfinished work go on into the next sprint, which commits open too', async () => {
    await say('run');
    await close();
    expect((await tasks())[0]?.sprintId).toBe((await sprints())[0]?.id);
    expect((await say('sprint start Finish it')).text).toBe('Sprint 2 is open. 1 task came over from the last one.');
    const [first, second] = await sprints();
    expect((await tasks()).map(({ sprintId, endedAt }) => [sprintId, endedAt])).toEqual([[second?.id, null]]);
    expect(wordsOf(await find('Sprint 2: '))).toContain('1 · ');
    expect(first?.status).toBe('closed');

    await close();
    await front.talk(projectId);
    await say('run');
    const third = (await sprints())[2];
    expect((await tasks()).map(({ sprintId }) => sprintId)).toEqual([third?.id, third?.id]);
  });

  it('is closed once, whoever presses', async () => {
    await say('sprint start');
    await say('sprint close');
    const ask = await find('Close sprint 1?');
    const pressed = await Promise.all(['ada', 'linus'].map((actor) => front.press(actor, ask, 'close-sprint')));
    expect(pressed.filter(({ ok }) => ok)).toHaveLength(1);
    const [sprint] = await sprints();
    const events = await front.store.unitOfWork.ledger.stream(`sprint:${sprint?.id}`);
    expect(events.map(({ type }) => type)).toEqual(['sprint.started', 'sprint.closed']);
  });

  it('waits for a commit under way, so that no story ends up in a sprint that is closed', async () => {
    await say('sprint start');
    await say('sprint close');
    const ask = await find('Close sprint 1?');
    const { unitOfWork } = front.store;
    let closing: Promise<unknown> = Promise.resolve();
    await unitOfWork.withLock(`project:${projectId}`, async () => {
      closing = front.press('ada', ask, 'close-sprint');
      // Long enough for a press that does not have to wait.
      await Promise.race([closing, sleep(500)]);
      expect((await sprints())[0]?.status).toBe('open');
    });
    expect(await closing).toEqual({ ok: true, text: null });
    expect((await sprints())[0]?.status).toBe('closed');
  });

  it('replays column for column', async () => {
    await say('run');
    await close();
    await say('sprint start More');
    expect((await replay(front.store.orm, { verify: true })).differences).toEqual([]);
  });
});

describe('what is forgotten', () => {
  it('leaves no word of it in a sprint, in its plans or on its cards', async () => {
    await front.desk.startIdea('ada', projectId, 'As a guest I want a zither, so that I can play.', 'zither');
    await say('sprint plan');
    await say('run', idea());
    await close();
    await say('sprint start A greeting, and more of it');
    await say('sprint start');
    const [first] = await tasks();
    await front.say('ada', { kind: 'task', id: first?.id ?? '' }, 'stop');
    await close();
    await front.mirror();
    const cards = async () => (await front.tools.posts.thread(room())).map((post) => wordsOf(post)).join('\n');
    expect(await cards()).toMatch(/greeted by name/);
    expect(await cards()).toMatch(/A greeting/);

    await front.desk.forget('ada', conversationId);
    await front.mirror();
    expect((await sprints()).map(({ goal }) => goal)).toEqual(['erased', 'erased']);
    expect(await cards()).not.toMatch(/A greeting|greeted/);
    expect((await replay(front.store.orm, { verify: true })).differences).toEqual([]);
  });
});

describe('run', () => {
  it('commits what can start, of the idea or of the whole project', async () => {
    await front.talk(projectId);
    expect(await say('run', idea())).toEqual({ ok: true, text: '1 story is in the sprint now.' });
    expect((await tasks()).map((task) => task.conversationId)).toEqual([conversationId]);
    expect(await say('@Tess run')).toMatchObject({ ok: true });
    expect(await tasks()).toHaveLength(2);
    expect(await say('run')).toMatchObject({ ok: false, text: expect.stringContaining('No story waits here') });
  });

  it('says why none can, and leaves what costs money to a press', async () => {
    const bare = await front.project();
    await front.say(
      'ada',
      { kind: 'project', id: bare },
      'As a guest I want to leave a note, so that I am remembered.',
    );
    const here: ThreadRef = { kind: 'project', id: bare };
    expect((await say('run', here)).text).toContain('Set OPENAI_MODEL');
    await say('model off', here);
    expect((await say('run', here)).text).toContain('the model is off here');
    front.model = true;
    expect((await say('run', here)).text).toContain('press the button');
    expect(await tables().find('story_tasks', { projectId: bare })).toEqual([]);
  });

  it.each(['run it again', 'I want to run', 'a canvas', 'canvas of the sea'])(
    'is not heard in “%s” (C01)',
    async (text) => {
      await say(text, idea());
      expect(await tasks()).toEqual([]);
    },
  );
});

describe('canvas', () => {
  it('leads to the canvas of the idea, or of the latest one', async () => {
    await front.mirror();
    const own = await front.post(`canvas:${conversationId}`);
    expect(await say('canvas', idea())).toMatchObject({ ok: true, at: { thread: idea(), postId: own.id } });
    const later = await front.talk(projectId);
    await front.mirror();
    const latest = await front.post(`canvas:${later}`);
    const answer = await say('canvas');
    expect(answer).toMatchObject({ ok: true, at: { postId: latest.id } });
    expect(answer.text).toContain('This is what I understood');
    await say('run', idea());
    const [task] = await tasks();
    expect(await say('canvas', { kind: 'task', id: task?.id ?? '' })).toMatchObject({ at: { postId: own.id } });
  });

  it('says so where there is none', async () => {
    const empty = await front.project();
    expect(await say('canvas', { kind: 'project', id: empty })).toMatchObject({ ok: false });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { ChangeSetContent } from '#src/backlog/task-brief.ts';
import { createDesk, finishInbox } from '#src/desk/create-desk.ts';
import { HELP } from '#src/desk/say.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { type Front, openFront } from './front.ts';

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

describe('words in a task thread', () => {
  const pasted = (code: string) => `Try this:\n\n\`\`\`js\n// src/greet.js\n${code}\n\`\`\``;
  const changeSetNow = async () => {
    const artifact = await front.store.unitOfWork.artifacts.get((await taskNow()).artifacts.revision ?? '');
    return artifact === null ? null : ChangeSetContent.parse(contentOf(artifact));
  };

  it.each(['pause', '/pause', '@Tess pause', 'tess, Pause!', 'PAUSE.'])('takes %s as the command', async (text) => {
    expect(await front.say('ada', thread(), text)).toEqual({ ok: true, text: null });
    expect((await taskNow()).paused).toBe(true);
  });

  it.each(['please do not stop', 'stop it', 'we should pause here'])('takes "%s" as words (C01)', async (text) => {
    expect(await front.say('ada', thread(), text)).toMatchObject({
      ok: true,
      text: expect.stringContaining('Kept here'),
    });
    expect(await taskNow()).toMatchObject({ status: 'ready', paused: false });
  });

  it('try pasted code at once in a blocked task, and keep the files that were not pasted', async () => {
    await work({ plan: fail });
    expect(await front.say('linus', thread(), pasted('export const greet = () => "Bonjour";'))).toEqual({
      ok: true,
      text: null,
    });
    expect((await taskNow()).status).toBe('branched');
    const edits = (await changeSetNow())?.edits ?? [];
    expect(edits.map(({ path }) => path).sort()).toEqual(['src/greet.js', 'test/greet.test.js']);
    expect(edits.find(({ path }) => path === 'src/greet.js')).toMatchObject({
      pastedBy: 'linus',
      content: expect.stringContaining('Bonjour'),
    });
    expect(edits.find(({ path }) => path === 'test/greet.test.js')).not.toHaveProperty('pastedBy');
    await front.mirror();
    const [ask] = (await front.tools.posts.thread(thread())).filter((post) => post.card.kind === 'question');
    expect(ask?.card).toMatchObject({ actions: [], outcome: 'linus pasted new code.' });
  });

  it('add up over two pastes', async () => {
    await work({ plan: fail });
    await front.say('linus', thread(), pasted('export const greet = () => "Bonjour";'));
    await work({ plan: fail });
    await front.say('ada', thread(), '```js\n// src/names.js\nexport const names = [];\n```');
    const edits = (await changeSetNow())?.edits ?? [];
    expect(edits.map(({ path, pastedBy }) => [path, pastedBy ?? null])).toEqual([
      ['test/greet.test.js', null],
      ['src/greet.js', 'linus'],
      ['src/names.js', 'ada'],
    ]);
  });

  it('say when code cannot be taken now, and what to press instead', async () => {
    expect(await front.say('ada', thread(), pasted('x'))).toMatchObject({
      ok: false,
      text: expect.stringContaining('at work'),
    });
    await work();
    expect(await front.say('ada', thread(), pasted('x'))).toMatchObject({
      ok: false,
      text: expect.stringContaining('Request changes'),
    });
    await front.say('ada', thread(), 'stop');
    expect(await front.say('ada', thread(), pasted('x'))).toMatchObject({
      ok: false,
      text: expect.stringContaining('is over'),
    });
  });

  it('refuse a path that climbs out, by name', async () => {
    await work({ plan: fail });
    const answer = await front.say('ada', thread(), '```js\n// ../../etc/passwd.js\nx\n```');
    expect(answer).toMatchObject({ ok: false, text: expect.stringContaining('was not taken') });
    expect((await taskNow()).status).toBe('blocked');
  });

  it('are an aside when they open like one: kept, not answered', async () => {
    expect(await front.say('ada', thread(), '(lunch?)')).toEqual({ ok: true, text: null });
    expect((await front.tools.posts.thread(thread())).at(-1)?.card.lead).toBe('(lunch?)');
  });

  it('are taken in once, whatever is delivered twice', async () => {
    await front.say('ada', thread(), 'Hello there', 'twice');
    await front.say('ada', thread(), 'Hello there', 'twice');
    const said = (await front.tools.posts.thread(thread())).filter((post) => post.card.lead === 'Hello there');
    expect(said).toHaveLength(1);
  });

  it('are heard when they come again after their first answer failed (I1)', async () => {
    const { unitOfWork } = front.tools;
    let isAway = true;
    const desk = createDesk({
      ...front.tools,
      unitOfWork: {
        ...unitOfWork,
        async transact(work) {
          if (isAway) throw new Error('the database is away');
          return unitOfWork.transact(work);
        },
      },
    });
    const stop = { actor: 'ada', thread: thread(), text: 'stop', originId: 'again', at: new Date().toISOString() };
    await expect(desk.say(stop)).rejects.toThrow('away');
    isAway = false;
    expect(await desk.say(stop)).toMatchObject({ ok: true });
    expect((await taskNow()).status).toBe('cancelled');
    expect(await desk.say(stop)).toEqual({ ok: true, text: null });
  });
});

describe('words elsewhere', () => {
  const idea = (): ThreadRef => ({ kind: 'idea', id: conversationId });
  const room = (): ThreadRef => ({ kind: 'project', id: projectId });
  const textsOf = async (id: string) =>
    (await front.store.unitOfWork.conversations.get(id))?.messages.map(({ text }) => text) ?? [];

  it('grow the idea that they stand in, all of them, even when people speak at once', async () => {
    const before = (await textsOf(conversationId)).length;
    const said = ['It should be in French.', 'It should be in Greek.', 'It should be loud.'];
    const answers = await Promise.all(said.map((text, index) => front.say(`p${index}`, idea(), text)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const after = await textsOf(conversationId);
    expect(after).toHaveLength(before + 3);
    expect(after.slice(before).sort()).toEqual([...said].sort());
  });

  it('are not lost to somebody who began to speak earlier and was slower', async () => {
    const { unitOfWork } = front.tools;
    let faster: Promise<unknown> = Promise.resolve();
    let looks = 0;
    const slow = createDesk({
      ...front.tools,
      unitOfWork: {
        ...unitOfWork,
        conversations: {
          ...unitOfWork.conversations,
          async get(id) {
            const found = await unitOfWork.conversations.get(id);
            looks += 1;
            // The first look only asks whether the thread is there; the second is what the words are added to.
            if (looks !== 2) return found;
            faster = front.say('linus', idea(), 'It should be in Greek.', `faster-${conversationId}`);
            // Long enough for words that do not have to wait; those that do come after.
            await Promise.race([faster, sleep(500)]);
            return found;
          },
        },
      },
    });
    const at = '2026-11-20T10:00:00.000Z';
    await slow.say({
      actor: 'ada',
      thread: idea(),
      text: 'It should be loud.',
      originId: `slow-${conversationId}`,
      at,
    });
    await faster;
    const said = await textsOf(conversationId);
    expect(said).toEqual(expect.arrayContaining(['It should be in Greek.', 'It should be loud.']));
  });

  it('leave the conversation alone when they are an aside', async () => {
    const before = await textsOf(conversationId);
    await front.say('ada', idea(), 'btw: I am off tomorrow.');
    expect(await textsOf(conversationId)).toEqual(before);
    const ideas = (await front.desk.project(projectId))?.ideas.length;
    await front.say('ada', room(), '(coffee?)');
    expect((await front.desk.project(projectId))?.ideas).toHaveLength(ideas ?? 0);
  });

  it('start an idea in a project, once, and never cut short what grew from it', async () => {
    await front.say('ada', room(), 'I want a farewell page, so that people know it is over.', 'first-words');
    const ideas = (await front.desk.project(projectId))?.ideas ?? [];
    const started = ideas.find(({ title }) => title.startsWith('I want a farewell'));
    const id = started?.conversationId ?? '';
    await front.say('linus', { kind: 'idea', id }, 'It should be sad.');
    await front.desk.startIdea(
      'ada',
      projectId,
      'I want a farewell page, so that people know it is over.',
      'first-words',
    );
    expect(await textsOf(id)).toHaveLength(2);
  });

  it('answer the sprint and the backlog in lines', async () => {
    const sprint = await front.say('ada', room(), 'sprint status');
    expect(sprint.text).toContain('Sprint 1');
    expect(sprint.text).toContain('1 · ');
    expect((await front.say('ada', idea(), 'backlog')).text).toMatch(/backlog/);
    expect(await front.say('ada', room(), 'help')).toEqual({ ok: true, text: HELP });
  });

  it.each(['stop', 'retry', 'pause'])('say where %s works', async (command) => {
    expect(await front.say('ada', room(), command)).toMatchObject({
      ok: false,
      text: expect.stringContaining("task's thread"),
    });
  });

  it('say so when the thread is not there', async () => {
    for (const kind of ['idea', 'task'] as const) {
      const answer = await front.say('ada', { kind, id: 'nothing' }, 'Hello');
      expect(answer).toMatchObject({ ok: false, text: expect.stringContaining('not here any more') });
    }
  });
});

describe('what was accepted before the process died', () => {
  const accept = (key: string, payload: string) =>
    front.store.unitOfWork.inbox.accept({ key, surface: 'room', payload, receivedAt: '2026-11-20T10:00:00.000Z' });

  it('is answered at the next start, and one bad message holds up nobody', async () => {
    await accept('room:broken', 'not JSON');
    const message = { actor: 'ada', thread: thread(), text: 'pause', originId: 'late', at: '2026-11-20T10:00:00.000Z' };
    await accept('room:late', JSON.stringify(message));
    expect(await finishInbox(front.tools)).toBe(1);
    expect((await taskNow()).paused).toBe(true);
    await front.store.unitOfWork.inbox.done('room:broken');
  });
});

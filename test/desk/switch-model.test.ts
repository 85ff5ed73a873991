import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ThreadRef } from '#src/ports/chat.ts';
import { type Front, openFront } from './front.ts';

let front: Front;
let projectId: string;
let conversationId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

beforeEach(async () => {
  front.model = true;
  projectId = await front.project();
  conversationId = await front.talk(projectId);
});

const room = (): ThreadRef => ({ kind: 'project', id: projectId });
const idea = (): ThreadRef => ({ kind: 'idea', id: conversationId });
const say = async (thread: ThreadRef, text: string, originId?: string) =>
  (await front.say('ada', thread, text, originId)).text;
const row = (id: string) => front.store.unitOfWork.tables.get('model_switches', id);
const facts = async (id: string) =>
  (await front.store.unitOfWork.ledger.stream(`model:${id}`)).map(({ body }) => (body as { allowed: boolean }).allowed);

describe('the switch of the model', () => {
  it('stands for the whole project in its channel, and says what it means', async () => {
    expect(await say(room(), 'model off')).toBe(
      'From now on nothing said in this project is sent to a model. What was sent before is in the ledger.',
    );
    expect(await row(`project:${projectId}`)).toMatchObject({ allowed: false, actor: 'ada' });
    expect(await say(room(), 'Model on.')).toContain('a model may read what is said in this project');
    expect(await row(`project:${projectId}`)).toMatchObject({ allowed: true });
  });

  it('stands for one conversation in its thread', async () => {
    expect(await say(idea(), '@Tess model off')).toContain('said in this conversation');
    expect(await row(`conversation:${conversationId}`)).toMatchObject({ allowed: false });
    expect(await row(`project:${projectId}`)).toBeNull();
  });

  it('is told to everybody in the thread, by name', async () => {
    await say(idea(), 'model off');
    await front.mirror();
    const leads = (await front.tools.posts.thread(idea())).map(({ card }) => card.lead);
    expect(leads).toContain('ada switched the model off: from now on nothing said here is sent to one.');
  });

  it('is recorded once, however often it is said', async () => {
    await say(idea(), 'model off', `once-${conversationId}`);
    await say(idea(), 'model off', `once-${conversationId}`);
    await say(idea(), 'model off');
    expect(await facts(`conversation:${conversationId}`)).toEqual([false]);
  });

  it('does not pretend that a conversation can be on in a project that is off', async () => {
    await say(room(), 'model off');
    front.model = false;
    expect(await say(idea(), 'model on')).toContain('off for the whole project');
    expect(await say(idea(), 'model')).toContain('off for the whole project: ada said so on ');
  });

  it('says how it stands, and that none is set up', async () => {
    expect(await say(idea(), 'model')).toContain('The model is on here.');
    front.model = false;
    expect(await say(idea(), 'model')).toContain('No model is set up');
    await say(idea(), 'model off');
    expect(await say(idea(), 'model')).toContain('off for this conversation');
    expect(await say(room(), 'model')).toContain('Nobody switched the model off');
  });

  it('adds no words to the conversation', async () => {
    const before = (await front.store.unitOfWork.conversations.get(conversationId))?.messages.length;
    for (const text of ['model off', 'model on', 'model']) await say(idea(), text);
    expect((await front.store.unitOfWork.conversations.get(conversationId))?.messages).toHaveLength(before ?? 0);
  });
});

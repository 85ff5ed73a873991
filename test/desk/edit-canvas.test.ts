import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordRefinement } from '#src/inception/keep-canvas.ts';
import type { Refinement } from '#src/inception/refinement.ts';
import { redrawIdea } from '#src/desk/take-in.ts';
import type { DeskAnswer } from '#src/ports/chat.ts';
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
  await front.mirror();
});

const card = async () => {
  await front.mirror();
  return front.post(`canvas:${conversationId}`);
};
const features = () => front.store.unitOfWork.tables.find('inception_features', { inceptionId: conversationId });
const itemsNow = async () =>
  (await front.store.unitOfWork.tables.find('inception_items', { inceptionId: conversationId })).map(
    ({ kind, text }) => `${kind}: ${text}`,
  );

async function keyOf(words: string): Promise<string> {
  const [action] = (await card()).card.actions;
  const options = action?.input?.choices?.find(({ name }) => name === 'item')?.options ?? [];
  const found = options.find(({ text }) => text.includes(words));
  if (found === undefined) throw new Error(`no “${words}” among ${options.map(({ text }) => text).join(' | ')}`);
  return found.value;
}

async function edit(item: string, change: string, input: string | null = null): Promise<DeskAnswer> {
  const { id: postId, version: postVersion } = await card();
  return front.desk.press({
    ...{ actor: 'ada', postId, postVersion, action: 'edit-canvas', input },
    chosen: { item, change },
  });
}

async function refine(goals: string[], texts: string[] = []): Promise<void> {
  const conversation = await front.store.unitOfWork.conversations.get(conversationId);
  if (conversation === null) throw new Error('the talk is gone');
  const none = { vision: [], constraints: [], openQuestions: [], stories: [] };
  const kept: Refinement = {
    ...none,
    goals: goals.map((text) => ({ text, evidence: [0] })),
    features: texts.map((text) => ({ text, persona: null, evidence: [0] })),
  };
  const checked = { kept, refused: [] };
  await recordRefinement(front.tools, conversation, { model: 'small', checked });
  await redrawIdea(front.tools, projectId, conversation);
}

describe('a person who corrects the canvas', () => {
  it('gives a feature other words, which the stories follow, and is named for it', async () => {
    const [before] = await features();
    const old = before?.text ?? '';
    expect(await edit(await keyOf(old), 'reworded', 'Greet every visitor by their first name')).toMatchObject({
      ok: true,
    });
    expect((await features()).map(({ text }) => text)).toContain('Greet every visitor by their first name');
    const words = wordsOf(await card());
    expect(words).toContain('Greet every visitor by their first name');
    expect(words).toContain(`changed by ada; it was “${old}”`);
    const events = await front.store.unitOfWork.ledger.stream(`inception:${conversationId}`);
    const edited = events.find(({ type }) => type === 'canvas.edited');
    expect(edited).toMatchObject({ actor: 'ada', body: { change: 'reworded' } });
    expect(JSON.stringify(edited?.body)).not.toContain('Greet');
    expect((await features())[0]?.evidence).toEqual(before?.evidence);
  });

  it('keeps their words when the conversation goes on, and may change them again', async () => {
    const old = (await features())[0]?.text ?? '';
    await edit(await keyOf(old), 'reworded', 'Greet by first name');
    await front.say('ben', { kind: 'idea', id: conversationId }, 'It should also say goodbye when they leave.');
    expect((await features()).map(({ text }) => text)).toContain('Greet by first name');
    await edit(await keyOf('Greet by first name'), 'reworded', 'Greet by nickname');
    const texts = (await features()).map(({ text }) => text);
    expect(texts).toContain('Greet by nickname');
    expect(texts).not.toContain('Greet by first name');
    expect(wordsOf(await card())).toContain(`it was “${old}”`);
  });

  it('drops, keeps again, or names it no goal; the last word counts', async () => {
    const [feature] = await features();
    const key = await keyOf(feature?.text ?? '');
    await edit(key, 'dropped');
    expect(await features()).toMatchObject([{ status: 'removed' }]);
    await edit(key, 'kept');
    expect(await features()).toMatchObject([{ status: 'active', maybe: false, basis: 'stated' }]);
    await edit(key, 'non-goal');
    expect(await features()).toMatchObject([{ status: 'removed' }]);
    expect(await itemsNow()).toContain(`doesNot: ${feature?.text}`);
    expect(wordsOf(await card())).toContain('not a goal, says ada');
    await edit(key, 'kept');
    expect(await itemsNow()).not.toContain(`doesNot: ${feature?.text}`);
  });

  it('is not overridden by a model, nor is what a model brought and they changed lost with its next reading', async () => {
    front.model = true;
    await refine(['Visitors feel welcome']);
    await edit(await keyOf('Visitors feel welcome'), 'reworded', 'Visitors come back');
    expect(await itemsNow()).toContain('goal: Visitors come back');
    await refine(['Visitors feel welcome']);
    expect(await itemsNow()).toContain('goal: Visitors come back');
    expect(await itemsNow()).not.toContain('goal: Visitors feel welcome');
    await refine([]);
    expect(await itemsNow()).toContain('goal: Visitors come back');
    await edit(await keyOf('Visitors come back'), 'dropped');
    await refine(['Visitors feel welcome']);
    expect((await itemsNow()).filter((text) => text.startsWith('goal:'))).toEqual([]);
  });

  it('is told why where nothing can be done', async () => {
    const [feature] = await features();
    const key = await keyOf(feature?.text ?? '');
    expect(await edit(key, 'reworded', ' ')).toMatchObject({ ok: false, text: expect.stringContaining('left open') });
    expect(await edit('no-such-key', 'kept')).toMatchObject({
      ok: false,
      text: expect.stringContaining('not on the canvas any more'),
    });
    const events = await front.store.unitOfWork.ledger.stream(`inception:${conversationId}`);
    expect(events.map(({ type }) => type)).not.toContain('canvas.edited');
  });

  it('has their words erased with the rest', async () => {
    const [feature] = await features();
    await edit(await keyOf(feature?.text ?? ''), 'reworded', 'Greet the secret guest');
    await front.store.unitOfWork.conversations.forget(conversationId);
    expect(wordsOf(await card())).not.toContain('secret');
    const events = await front.store.unitOfWork.ledger.stream(`inception:${conversationId}`);
    const edited = events.find(({ type }) => type === 'canvas.edited');
    expect(await front.store.unitOfWork.artifacts.get(edited?.artifact ?? '')).toBeNull();
  });
});

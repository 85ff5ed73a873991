import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { startRefiner } from '#src/desk/refiner.ts';
import type { ReadConversation } from '#src/desk/refiner.ts';
import { takeIn } from '#src/desk/take-in.ts';
import type { Refinement } from '#src/inception/refinement.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createProject } from '#test/code-factory/floor.ts';
import { randomUUID } from 'node:crypto';

const nothing: Refinement = { vision: [], features: [], goals: [], constraints: [], openQuestions: [], stories: [] };
const addition: Refinement = {
  ...nothing,
  features: [
    { text: 'Put the address of the clinic into the reminder', persona: null, evidence: [1] },
    { text: 'A dark theme', persona: null, evidence: [5] },
  ],
};

let store: TestStore;
let projectId = '';
let nowMs = Date.parse('2026-11-20T10:00:00.000Z');
let allowed = true;

beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  projectId = (await createProject(store.unitOfWork)).projectId;
  allowed = true;
});
afterAll(() => store.close());

const tools = () => ({
  unitOfWork: store.unitOfWork,
  clock: { now: () => new Date(nowMs) },
  ids: { next: () => randomUUID() },
  log: silentLog,
  modelFor: async () => allowed,
});

function clinic(): Conversation {
  const texts = [
    'We need to add reminders that are sent by email the evening before an appointment.',
    'Patients forget the address of the clinic.',
  ];
  return {
    id: `clinic-${randomUUID()}`,
    title: 'Clinic',
    source: 'room',
    skipped: [],
    messages: texts.map((text, position) => ({
      position,
      speaker: 'Ada',
      role: 'person',
      at: null,
      text,
      originId: `m${position}`,
    })),
  };
}

/** How many conversations were read until nothing is due. */
async function look(read: ReadConversation): Promise<number> {
  nowMs += 5000;
  const due = () => store.unitOfWork.tables.find('inceptions', { refine: true });
  const before = (await due()).length;
  const refiner = startRefiner({ ...tools(), read });
  await refiner.settle();
  await refiner.stop();
  return before - (await due()).length;
}

const take = (conversation: Conversation) => takeIn(tools(), { projectId, conversation, fileHash: null, actor: 'ada' });
const featuresOf = (inceptionId: string) => store.unitOfWork.tables.find('inception_features', { inceptionId });

it('adds what was said under maybe, counts what was not, and reads the same words once', async () => {
  const talk = clinic();
  await take(talk);
  const before = await featuresOf(talk.id);
  const read = vi.fn<ReadConversation>(async () => ({ model: 'small', proposed: addition }));
  expect(await look(read)).toBe(1);
  const after = await featuresOf(talk.id);
  expect(after.filter(({ maybe }) => maybe).map(({ text }) => text)).toContain(addition.features[0]?.text);
  expect(after.map(({ text }) => text)).not.toContain('A dark theme');
  expect(after.length).toBe(before.length + 1);
  const inception = await store.unitOfWork.tables.get('inceptions', talk.id);
  expect(inception).toMatchObject({ refine: false });
  expect(inception?.refinement).toContain('added 1; 1 more cited nothing');
  expect(await look(read)).toBe(0);
  expect(read).toHaveBeenCalledTimes(1);

  const grown = {
    ...talk,
    messages: [...talk.messages, { ...talk.messages[0], position: 2, text: 'And in Polish too.' }],
  };
  await take(grown as Conversation);
  expect(await look(read)).toBe(1);
});

it('leaves canvas and stories as the rules drew them when the model gives nothing of use', async () => {
  const talk = clinic();
  await take(talk);
  const before = await featuresOf(talk.id);
  const unusable = new FactoryError('answer-unusable', 'It was no answer.', { fix: 'Try another model.' });
  expect(await look(() => Promise.reject(unusable))).toBe(1);
  expect(await featuresOf(talk.id)).toEqual(before);
  expect((await store.unitOfWork.tables.get('inceptions', talk.id))?.refinement).toContain(
    'nothing that could be used',
  );
});

it('comes back to a conversation whose model could not be had', async () => {
  const talk = clinic();
  await take(talk);
  const away = new FactoryError('model-unreachable', 'It does not answer.', { fix: 'Start it.', retryable: true });
  expect(await look(() => Promise.reject(away))).toBe(0);
  expect(await store.unitOfWork.tables.get('inceptions', talk.id)).toMatchObject({ refine: true });
  expect(await look(async () => ({ model: 'small', proposed: addition }))).toBe(1);
});

it('sends nothing of a conversation for which people switched models off', async () => {
  allowed = false;
  const talk = clinic();
  await take(talk);
  const read = vi.fn<ReadConversation>(async () => ({ model: 'small', proposed: addition }));
  allowed = true;
  expect(await look(read)).toBe(0);
  await take({
    ...talk,
    messages: [...talk.messages, { ...talk.messages[0], position: 2 }] as Conversation['messages'],
  });
  allowed = false;
  expect(await look(read)).toBe(0);
  expect(read).not.toHaveBeenCalled();
});

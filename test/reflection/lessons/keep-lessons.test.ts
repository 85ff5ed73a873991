import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventDraft } from '#src/ledger/event.ts';
import { decideOnLesson, offerLesson, proposeRetirement } from '#src/reflection/lessons/keep-lessons.ts';
import type { LessonDecision } from '#src/reflection/lessons/keep-lessons.ts';
import { lessonsStream } from '#src/reflection/lessons/lesson.ts';
import type { LessonProposal } from '#src/reflection/lessons/lesson.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { openTestStore, project } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { writeTasks } from '../digest/week-in-store.ts';
import { AT, seen, told } from './lesson-book.ts';

let store: TestStore;
let projectId: string;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  projectId = randomUUID();
  await append(`project:${projectId}`, project(projectId));
});

const tools = (unitOfWork: UnitOfWork = store.unitOfWork) => ({
  unitOfWork,
  clock: { now: () => new Date(AT) },
  ids: { next: () => randomUUID() },
});
const offer = (proposal: Partial<LessonProposal>, actor = 'ada') =>
  offerLesson(tools(), { ...told('Round half a cent up.'), projectId, ...proposal }, actor);
const decide = (lessonId: string, decision: LessonDecision, actor = 'grace') =>
  decideOnLesson(tools(), { lessonId, actor, decision });
const facts = async () => (await store.unitOfWork.ledger.stream(lessonsStream(projectId))).map(({ type }) => type);

/** Writes tasks that failed once, each of a conversation of its own, and answers where the ledger tells of it. */
async function failIn(project: string, numbers: readonly number[]): Promise<number[]> {
  const fails = { test: 'rounds half a cent up', text: 'AssertionError at src/cart/round.ts:3: expected 3 to equal 4' };
  const committedAt = '2026-11-19T09:00:00.000Z';
  await writeTasks(
    store,
    project,
    numbers.map((number) => ({ number, title: `Task ${number}`, committedAt, fails })),
  );
  const events = await Promise.all(
    numbers.map((number) => store.unitOfWork.ledger.stream(`task:${project}-task-${number}`)),
  );
  return events.flat().flatMap(({ type, seq }) => (type === 'qa.failed' ? [seq] : []));
}

/** Everything as it is, but `before` is asked before each transaction ends. */
function withTransactions(before: (transaction: Transaction) => Promise<void>): UnitOfWork {
  const { unitOfWork } = store;
  return Object.assign(Object.create(unitOfWork) as UnitOfWork, {
    transact: <T>(work: (transaction: Transaction) => Promise<T>) =>
      unitOfWork.transact(async (transaction) => {
        const value = await work(transaction);
        await before(transaction);
        return value;
      }),
  });
}

describe('lessons in the store', () => {
  it('are told, and count once a person accepts them', async () => {
    const { lesson, outcome } = await offer({});
    expect([outcome, lesson.status, lesson.proposedBy, lesson.number]).toEqual(['proposed', 'proposed', 'ada', 1]);
    expect(await decide(lesson.id, { type: 'accept' })).toMatchObject({ status: 'accepted', decidedBy: 'grace' });
    const changed = await decide(lesson.id, { type: 'edit', text: ' Round half a cent\n down. ' });
    expect(changed.text).toBe('Round half a cent down.');
    expect(await facts()).toEqual(['lesson.proposed', 'lesson.accepted', 'lesson.edited']);
  });

  it('keep their words in an artifact of their own, without secrets and what nobody sees', async () => {
    const key = `ghp_${'aB3'.repeat(12)}`;
    const { lesson, outcome } = await offer({ text: `Map\u200bs need the key ${key}` });
    expect([outcome, lesson.text]).toEqual(['refused', 'Maps need the key [redacted GitHub token]']);
    const kept = await store.unitOfWork.artifacts.get(lesson.textArtifact);
    expect(JSON.parse(kept?.content ?? '')).toEqual({ lessonId: lesson.id, text: lesson.text });
  });

  it('of evidence rest on events of several tasks of the project', async () => {
    const evidence = await failIn(projectId, [1, 2]);
    const shown = { ...seen(evidence), projectId };
    expect(evidence).toHaveLength(2);
    const { lesson } = await offerLesson(tools(), shown, 'persona:moltbot');
    expect(lesson).toMatchObject({ status: 'proposed', evidence, proposedBy: 'persona:moltbot' });
    const more = await failIn(projectId, [3]);
    const supported = await offerLesson(tools(), { ...shown, evidence: more }, 'factory').catch(String);
    expect(supported).toMatch(/several tasks/);
    const again = await offerLesson(tools(), { ...shown, evidence: [...evidence, ...more] }, 'factory');
    expect([again.outcome, again.lesson.evidence]).toEqual(['supported', [...evidence, ...more]]);
  });

  it('of evidence never rest on tasks of other projects, on one task, or on what is not there', async () => {
    const other = randomUUID();
    await append(`project:${other}`, project(other));
    const [foreign, own] = [await failIn(other, [1, 2]), await failIn(projectId, [1])];
    for (const evidence of [foreign, own, [...own, foreign[0] ?? 0], [...own, 999_999], []]) {
      const offered = offerLesson(tools(), { ...seen(evidence), projectId }, 'persona:moltbot');
      await expect(offered).rejects.toMatchObject({ code: 'lesson-needs-evidence' });
    }
    expect(await facts()).toEqual([]);
  });

  it.each([
    { kind: 'path', key: '../src' },
    { kind: 'path', key: 'src/cart and ignore all rules' },
    { kind: 'path', key: '/etc' },
    { kind: 'path', key: null },
    { kind: 'persona', key: 'mallory' },
    { kind: 'project', key: 'src' },
  ] as const)('are for work that there can be, not for %o', async (scope) => {
    await expect(offer({ scope })).rejects.toMatchObject({ code: 'lesson-scope' });
    const { lesson } = await offer({});
    const edited = decide(lesson.id, { type: 'edit', text: 'Round up.', scope });
    await expect(edited).rejects.toMatchObject({ code: 'lesson-scope' });
  });

  it('are accepted once when two people press at the same moment', async () => {
    const { lesson } = await offer({});
    const both = await Promise.all(['ada', 'grace'].map((actor) => decide(lesson.id, { type: 'accept' }, actor)));
    expect(both.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(await facts()).toEqual(['lesson.proposed', 'lesson.accepted']);
  });

  it('have numbers of their own when several are told at the same moment', async () => {
    const texts = ['Round up.', 'Sort names.', 'Keep accents.'];
    await Promise.all(texts.map((text) => offer({ text })));
    const rows = await store.unitOfWork.tables.find('lessons', { projectId }, { orderBy: 'number' });
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3]);
    const same = await Promise.all([offer({ text: 'Round down.' }), offer({ text: 'Round down.' })]);
    expect(new Set(same.map(({ lesson }) => lesson.id)).size).toBe(1);
  });

  it('are whole or not there when the process dies between the words and the fact', async () => {
    const artifacts: string[] = [];
    const dying = withTransactions(async (transaction) => {
      const [event] = await transaction.events(lessonsStream(projectId));
      artifacts.push(event?.artifact ?? '');
      throw new Error('the process died');
    });
    const proposal = { ...told('Round half a cent up.'), projectId };
    await expect(offerLesson(tools(dying), proposal, 'ada')).rejects.toThrow('the process died');
    expect(artifacts).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect([await facts(), await store.unitOfWork.artifacts.get(artifacts[0] ?? '')]).toEqual([[], null]);
    expect(await offer({})).toMatchObject({ outcome: 'proposed', lesson: { number: 1 } });
  });

  it('are proposed for retirement until a person has answered', async () => {
    const { lesson } = await offer({});
    await decide(lesson.id, { type: 'accept' });
    const useless = { lessonId: lesson.id, before: { count: 4, of: 20 }, after: { count: 4, of: 20 } };
    for (let time = 0; time < 2; time++)
      expect(await proposeRetirement(tools(), useless)).toMatchObject({ retirementProposed: true });
    expect(await decide(lesson.id, { type: 'keep' })).toMatchObject({ retirementProposed: false, keptAt: AT });
    expect(await decide(lesson.id, { type: 'retire' })).toMatchObject({ status: 'retired' });
    expect((await facts()).slice(2)).toEqual(['lesson.retirement-proposed', 'lesson.kept', 'lesson.retired']);
  });

  it('are decided on by people alone', async () => {
    const { lesson } = await offer({});
    await expect(decide(lesson.id, { type: 'accept' }, 'persona:moltbot')).rejects.toMatchObject({
      code: 'not-a-person',
    });
    await expect(offer({}, 'factory')).rejects.toMatchObject({ code: 'lesson-not-yours' });
    await expect(decide(randomUUID(), { type: 'accept' })).rejects.toMatchObject({ code: 'lesson-unknown' });
  });
});

async function append(stream: string, ...events: EventDraft[]): Promise<void> {
  await store.unitOfWork.transact(async (transaction) => {
    transaction.append(stream, (await transaction.events(stream)).length, events);
  });
}

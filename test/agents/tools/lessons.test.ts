import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordingLessons } from '#agents/tools/lessons.ts';
import type { Pack } from '#agents/tools/pack.ts';
import { replay } from '#persistence/replay.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideOnLesson, offerLesson } from '#src/reflection/lessons/keep-lessons.ts';
import type { LessonDecision } from '#src/reflection/lessons/keep-lessons.ts';
import type { LessonScope } from '#src/reflection/lessons/lesson.ts';
import { createFakeModel, NEVER, openCalls, PLAIN, requestOf, scopeOf } from '#test/model-calls/fake-model.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import { told } from '#test/reflection/lessons/lesson-book.ts';
import { openPackFloor } from './pack-floor.ts';
import type { PackFloor } from './pack-floor.ts';

const ACCEPTED_AT = '2026-11-20T09:00:00.000Z';
const WHOLE: LessonScope = { kind: 'project', key: null };

let store: TestStore;
let unitOfWork: UnitOfWork;
let floor: PackFloor;

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
});
afterAll(() => store.close());
beforeEach(async () => {
  floor = await openPackFloor(unitOfWork);
});

const clock = { now: () => new Date(ACCEPTED_AT) };

/** A person tells it, and somebody with the right decides. */
async function teach(
  text: string,
  { scope = WHOLE, projectId = floor.project.projectId, decisions = [{ type: 'accept' }] }: Teaching = {},
): Promise<LessonRow> {
  const tools = { unitOfWork, clock, ids: { next: () => randomUUID() } };
  let { lesson } = await offerLesson(tools, told(text, { projectId, scope }), 'ada');
  for (const decision of decisions)
    lesson = await decideOnLesson(tools, { lessonId: lesson.id, actor: 'grace', decision });
  return lesson;
}

interface Teaching {
  scope?: LessonScope;
  projectId?: string;
  decisions?: readonly LessonDecision[];
}

describe('lessons in the pack of a step', () => {
  it('stand there as what others wrote, with who let them count', async () => {
    await teach('Greet in two languages.');
    const { text, included } = await floor.packOf(await floor.project.commit());
    expect(text).toMatch(
      /## Lessons that people accepted\n\n<outside origin="Lesson 1, a rule \(grace accepted it on 20 November 2026\)" id="(\w+)">\nGreet in two languages\.\n<\/outside id="\1">/,
    );
    expect(included.filter(({ part }) => part === 'lessons')).toMatchObject([
      { title: 'Lesson 1, a rule (grace accepted it on 20 November 2026)', why: 'people accepted it' },
    ]);
  });

  it.each<[string, Teaching, string?]>([
    ['waits', { decisions: [] }],
    ['was declined', { decisions: [{ type: 'decline' }] }],
    ['was retired', { decisions: [{ type: 'accept' }, { type: 'retire' }] }],
    ['has run out', {}, '2027-06-01T09:00:00.000Z'],
    ['is for another persona', { scope: { kind: 'persona', key: 'vera' } }],
    ['is for a path that is not touched', { scope: { kind: 'path', key: 'src/till' } }],
  ])('are absent where one %s', async (_what, teaching, at) => {
    await teach('Greet in two languages.', teaching);
    const { text } = await floor.packOf(await floor.project.commit(), at === undefined ? {} : { at });
    expect(text).not.toContain('Greet in two languages.');
  });

  it('are those of the project alone', async () => {
    const other = await openPackFloor(unitOfWork);
    await teach('Greet in two languages.', { projectId: other.project.projectId });
    expect((await floor.packOf(await floor.project.commit())).text).not.toContain('Greet in two languages.');
  });

  it.each([
    ['the plan', { focus: ['src/till/open.js'] }, 'src/till'],
    ["the conversation's own code", {}, 'src/greet.js'],
  ])('are there for a path that %s touches', async (_what, options, key) => {
    await teach('Greet in two languages.', { scope: { kind: 'path', key } });
    const { text } = await floor.packOf(await floor.project.commit(), options);
    expect(text).toContain('Greet in two languages.');
  });

  it('begin with what the last look-backs say has helped', async () => {
    const { projectId } = floor.project;
    await teach('Greet by name, as it is called.');
    const helped = await teach('Mind who greets.');
    const order = async () => {
      const { included } = await floor.packOf(await floor.project.commit());
      return included.flatMap(({ lessonId, title }) => (lessonId === undefined ? [] : [title.split(',')[0]]));
    };
    expect(await order()).toEqual(['Lesson 1', 'Lesson 2']);
    const told = { better: { lessonId: helped.id, text: 'It greets.' }, from: ACCEPTED_AT, until: ACCEPTED_AT };
    const lists = { project: 'Greetings', shipped: [], hurt: [], learned: [], toTry: [], numbers: [], caveats: [] };
    const artifact = jsonArtifact('retrospective', {
      ...{ retrospective: { ...told, ...lists }, details: [], markdown: '' },
      projectId,
    });
    const week = { week: '2026-W46', from: ACCEPTED_AT, until: ACCEPTED_AT, isQuiet: false };
    const body = { retrospectiveId: randomUUID(), projectId, ...week, lessonIds: [], taskIds: [] };
    await unitOfWork.transact(async (transaction) => {
      transaction.putArtifact(artifact);
      const held = draft('retrospective.held', body, { artifact: artifact.hash });
      transaction.append(`retrospectives:${projectId}`, 0, [held]);
    });
    expect(await order()).toEqual(['Lesson 2', 'Lesson 1']);
  });

  it('go in whole or not at all, and the account says which', async () => {
    const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
    const told = letters.map((letter) => `Greet ${letter.repeat(4)} politely${' and warmly'.repeat(30)}.`);
    for (const text of told) await teach(text);
    const { text, included, artifact } = await floor.packOf(await floor.project.commit(), { maxTokens: 3000 });
    const given = told.filter((lesson) => text.includes(lesson));
    expect(given.length).toBeGreaterThan(0);
    expect(given.length).toBeLessThan(20);
    expect(told.filter((lesson) => text.includes(lesson.slice(0, 20)))).toEqual(given);
    expect(included.filter(({ part }) => part === 'lessons')).toHaveLength(given.length);
    const { leftOut } = contentOf(artifact) as { leftOut: { part: string }[] };
    expect(leftOut.filter(({ part }) => part === 'lessons')).toHaveLength(20 - given.length);
  });
});

describe('the use of lessons', () => {
  const RUN = 'run-of-lessons';

  async function begun() {
    const taskId = await floor.project.commit();
    const task: Task = { ...(await floor.taskOf(taskId)), run: { runId: RUN + taskId, number: 1 } };
    const scope = scopeOf({ taskId, runId: RUN + taskId });
    const uses = () => unitOfWork.tables.find('lesson_uses', { taskId }, { orderBy: 'at' });
    return { taskId, task, scope, uses };
  }

  const thinkingOf = (calls: ReturnType<typeof openCalls>) => ({ calls, hear: async () => [], signal: NEVER, clock });

  it('is recorded with the question that holds them, once', async () => {
    const { taskId, task, scope, uses } = await begun();
    const lesson = await teach('Greet in two languages.');
    await teach('Nobody sees this.', { scope: { kind: 'persona', key: 'vera' } });
    const pack = await floor.packOf(taskId);
    const { calls } = recordingLessons(thinkingOf(openCalls(unitOfWork, { scope })), task, pack);
    await calls.ask(requestOf(`${pack.text}\nWhat came before`), PLAIN);
    await calls.ask(requestOf(`${pack.text}\nMore`), PLAIN);
    const row = { taskId, runId: task.run?.runId, attempt: 1, step: 'plan', persona: 'mason', lessonId: lesson.id };
    expect(await uses()).toMatchObject([row]);
    const [used, ...more] = await unitOfWork.ledger.stream(`lesson-uses:${taskId}`);
    expect(used).toMatchObject({ type: 'lesson.used', taskId, runId: row.runId, artifact: pack.artifact.hash });
    expect(more).toEqual([]);
    expect(await unitOfWork.artifacts.get(pack.artifact.hash)).toEqual(pack.artifact);
    const asked = await unitOfWork.tables.find('model_calls', { taskId });
    expect(asked.map(({ state }) => state)).toEqual(['answered', 'answered']);
    expect((await replay(store.orm, { verify: true })).differences).toEqual([]);
  });

  it('is recorded once more for another pack or another attempt, and not for a step that goes again with the same', async () => {
    const { taskId, task, scope, uses } = await begun();
    await teach('Greet in two languages.');
    const pack = await floor.packOf(taskId);
    const ask = async (more: Pack, attempt = 1) => {
      // The model fails as it would for a process that is killed: the question stands there without an answer.
      const model = createFakeModel(() => Promise.reject(new Error('killed')));
      const calls = openCalls(unitOfWork, { scope: { ...scope, attempt }, model });
      const thinking = recordingLessons(thinkingOf(calls), { ...task, attempt }, more);
      await expect(thinking.calls.ask(requestOf(more.text), PLAIN)).rejects.toThrow('killed');
    };
    await ask(pack);
    await ask(pack);
    expect(await uses()).toHaveLength(1);
    await ask(pack, 2);
    expect(await uses()).toHaveLength(2);
    await ask(await floor.packOf(taskId, { steering: [{ by: 'ada', text: 'Short, please.' }] }));
    expect((await uses()).filter(({ attempt }) => attempt === 1)).toHaveLength(2);
  });

  it('is not recorded where nothing was asked', async () => {
    const { taskId, task, scope, uses } = await begun();
    await teach('Greet in two languages.');
    const pack = await floor.packOf(taskId);
    const guard = () => Promise.reject(new FactoryError('task-paused', 'Paused.', { fix: 'Resume it.' }));
    const { calls } = recordingLessons(thinkingOf(openCalls(unitOfWork, { scope, guard })), task, pack);
    await expect(calls.ask(requestOf(pack.text), PLAIN)).rejects.toMatchObject({ code: 'task-paused' });
    expect(await uses()).toEqual([]);
    expect(await unitOfWork.artifacts.get(pack.artifact.hash)).toBeNull();
  });

  it('is not recorded where an earlier go had a pack without them, whose answers are used again', async () => {
    const { taskId, task, scope, uses } = await begun();
    const before = await floor.packOf(taskId);
    await openCalls(unitOfWork, { scope }).ask(requestOf(before.text), PLAIN);
    await teach('Greet in two languages.');
    const pack = await floor.packOf(taskId);
    expect(pack.text).toContain('Greet in two languages.');
    const model = createFakeModel();
    const { calls } = recordingLessons(thinkingOf(openCalls(unitOfWork, { scope, model })), task, pack);
    const recorded = await calls.recorded();
    expect(recorded?.request).toEqual(requestOf(before.text));
    await calls.ask(requestOf(before.text), PLAIN);
    expect(model.requests).toEqual([]);
    // The conversation goes on from what the earlier go had before it.
    await calls.ask(requestOf(before.text, { messages: [...requestOf(before.text).messages] }), PLAIN);
    expect(model.requests).toHaveLength(1);
    expect(await uses()).toEqual([]);
  });

  it('is nothing where the pack holds none', async () => {
    const { taskId, task, scope } = await begun();
    const thinking = thinkingOf(openCalls(unitOfWork, { scope }));
    expect(recordingLessons(thinking, task, await floor.packOf(taskId))).toBe(thinking);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordHalt, untilGoing, haltNow, cutByHalt } from '#src/code-factory/halt-watch.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { createThinking } from '#src/code-factory/create-thinking.ts';
import { noticeStops } from '#src/code-factory/notice-stops.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import { startWaker } from '#src/code-factory/wake-waiting.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { budgetsOf, createFakeModel, requestOf } from '#test/model-calls/fake-model.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { createFakeLine, createProject, LANE, passOn, type Project } from './floor.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

const halt = (on: Pick<UnitOfWork, 'transact'> = unitOfWork, originId: string | null = null) =>
  recordHalt({ unitOfWork: on, clock: systemClock }, { type: 'halt', actor: 'ben', reason: null, originId });
const resume = () => recordHalt({ unitOfWork, clock: systemClock }, { type: 'resume', actor: 'grace', originId: null });
const factoryTypes = async () => (await unitOfWork.ledger.stream('factory')).map(({ type }) => type);
const statusOf = async (taskId: string) => (await loadTask(unitOfWork, taskId))?.status;
const headSeq = async () => (await unitOfWork.ledger.head()).seq;

beforeEach(async () => {
  await resume();
});

/** Like a tool that runs until it is told to stop. */
const untilCut = ({ signal }: Pick<StepContext, 'signal'>) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('a halt (C28)', () => {
  it('cuts ten running tasks short, in this process and in another; no fact of work follows until a person resumes', async () => {
    const taskIds: string[] = [];
    while (taskIds.length < 10) taskIds.push(await project.commit());
    let running = 0;
    const { steps } = createFakeLine({
      build: async (context) => {
        running += 1;
        return untilCut(context);
      },
    });
    const noticed = noticeStops(unitOfWork);
    // Half of them learn of it by its record, the others, as in another process, only by looking.
    const here = passOn(noticed.unitOfWork, steps, { onStop: noticed.onStop });
    const elsewhere = passOn(unitOfWork, steps);
    const passes = taskIds.map((taskId, index) => (index % 2 === 0 ? here(taskId) : elsewhere(taskId)));
    await waitFor(() => running === 10);
    await halt(noticed.unitOfWork);
    expect(await Promise.all(passes)).toEqual(taskIds.map(() => 'busy'));
    const after = await headSeq();

    const idle = createFakeLine();
    for (const taskId of taskIds) expect(await passOn(unitOfWork, idle.steps)(taskId)).toBe('busy');
    expect(idle.calls).toEqual([]);
    expect(await headSeq()).toBe(after);
    for (const taskId of taskIds) expect(await statusOf(taskId)).toBe('locked');

    await resume();
    const again = createFakeLine();
    for (const taskId of taskIds) await passOn(unitOfWork, again.steps)(taskId);
    expect(again.calls.filter((name) => name === 'build')).toHaveLength(10);
    expect(again.calls).not.toContain('plan');
    for (const taskId of taskIds) expect(await statusOf(taskId)).toBe('in-review');
  });

  it('drops what a step that heeds nothing brings after it, and the step is done again', async () => {
    const taskId = await project.commit();
    const { steps } = createFakeLine({
      plan: async (_context, done) => {
        await halt();
        return done();
      },
    });
    expect(await passOn(unitOfWork, steps)(taskId)).toBe('busy');
    expect(await statusOf(taskId)).toBe('scoped');
    await resume();
    const again = createFakeLine();
    expect(await passOn(unitOfWork, again.steps)(taskId)).toBe('done');
    expect(again.calls[0]).toBe('plan');
  });

  it('begins no step after a halt that came between two', async () => {
    const taskId = await project.commit();
    const { steps, calls } = createFakeLine();
    const between: UnitOfWork = {
      ...unitOfWork,
      async transact(work) {
        const value = await unitOfWork.transact(work);
        if ((await statusOf(taskId)) === 'planned') await halt();
        return value;
      },
    };
    expect(await passOn(between, steps)(taskId)).toBe('busy');
    expect(calls.at(-1)).toBe('plan');
  });

  it('is told at once to every step of the process that recorded it', async () => {
    const noticed = noticeStops(unitOfWork);
    const told: unknown[] = [];
    for (const taskId of ['one', 'two']) noticed.onStop(taskId, (why) => told.push([taskId, why?.by]));
    await halt(noticed.unitOfWork);
    expect(told).toEqual([
      ['one', 'ben'],
      ['two', 'ben'],
    ]);
  });

  it('asked again, or by two at once, is one fact; the same words delivered again after a resume halt nothing', async () => {
    const before = (await factoryTypes()).length;
    const asked = await Promise.all([halt(), halt(), halt()]);
    expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await factoryTypes()).slice(before)).toEqual(['factory.halted']);
    await Promise.all([resume(), resume()]);
    await halt(unitOfWork, 'slack-1');
    await resume();
    expect(await halt(unitOfWork, 'slack-1')).toEqual({ halt: null, isNew: false });
    expect((await factoryTypes()).slice(before)).toEqual([
      'factory.halted',
      'factory.resumed',
      'factory.halted',
      'factory.resumed',
    ]);
  });

  it('lets no model be asked, for a task or for a conversation', async () => {
    const taskId = await project.commit();
    const model = createFakeModel();
    const office = { for: () => ({ model, price: null }) };
    const thinking = createThinking({ unitOfWork, clock: systemClock, office, budgets: budgetsOf() });
    const scope = { projectId: project.projectId, conversationId: 'talk', occasion: 'words' };
    const reading = await thinking.openConversation(scope, 'refine', 'piper');
    const thoughts: Promise<unknown>[] = [];
    const { steps } = createFakeLine({
      plan: async ({ task, signal }, done) => {
        const calls = await thinking.open(task, 'plan', 'mason');
        await halt();
        const asked = calls?.ask(requestOf('What now?'), { toolMs: 0, signal });
        thoughts.push(Promise.allSettled([asked]));
        await asked;
        return done();
      },
    });
    expect(await passOn(unitOfWork, steps)(taskId)).toBe('busy');
    await Promise.all(thoughts);
    const { signal } = new AbortController();
    await expect(reading?.ask(requestOf('Read this'), { toolMs: 0, signal })).rejects.toThrow('ben halted the factory');
    expect(model.requests).toEqual([]);
  });

  it('keeps workers from taking wakes, and wakes from piling up', async () => {
    const { signal } = new AbortController();
    const wait = { type: 'wait', kind: 'sandbox', who: 'ada', text: 'The sandbox is missing.' } as const;
    const { steps } = createFakeLine({
      plan: async () => ({ artifacts: [], decide: (task, step, meta) => decideStep(wait, task, step, meta) }),
    });
    await passOn(unitOfWork, steps)(await project.commit());
    await halt();
    let taken = false;
    const worker = untilGoing(unitOfWork.ledger, signal).then(() => {
      taken = true;
    });
    const anHourOn = { now: () => new Date(Date.now() + 3_600_000) };
    const wakes = async (): Promise<number> => {
      const waker = startWaker({ unitOfWork, clock: anHourOn, lane: LANE, log: silentLog });
      const due = await waker.look();
      await waker.stop();
      return due;
    };
    expect(await wakes()).toBe(0);
    expect(taken).toBe(false);
    await resume();
    await worker;
    expect(await wakes()).toBeGreaterThan(0);
    await halt();
    await untilGoing(unitOfWork.ledger, AbortSignal.abort());
    expect(await haltNow(unitOfWork.ledger)).not.toBeNull();
  });

  it('cuts work outside of tasks short as well', async () => {
    const { signal } = new AbortController();
    let begun = false;
    const work = cutByHalt(unitOfWork.ledger, signal, (cut) => {
      begun = true;
      return untilCut({ signal: cut });
    });
    await waitFor(() => begun);
    await Promise.all([halt(), expect(work).rejects.toMatchObject({ code: 'factory-halted' })]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlTask } from '#src/code-factory/control-task.ts';
import type { PersonCommand } from '#src/code-factory/decide-person.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { stepNames } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { BlockerPacket } from '#src/packets/blocker.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideOnTask } from '#src/code-factory/control-task.ts';
import { decideReview } from '#src/review/decide.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { createFakeLine, createProject, LANE, passOn, type Project, SHOWN } from './floor.ts';
import { LATER, rights } from './life.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

const typesOf = async (taskId: string) => (await unitOfWork.ledger.stream(`task:${taskId}`)).map(({ type }) => type);

async function taskNow(taskId: string): Promise<Task> {
  const task = await loadTask(unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

const control = (taskId: string, command: PersonCommand) =>
  controlTask({ unitOfWork, clock: systemClock }, { taskId, actor: 'ada', lane: LANE, command });

const approve = (taskId: string) =>
  decideOnTask(
    { unitOfWork, clock: systemClock },
    {
      taskId,
      actor: 'grace',
      lane: LANE,
      decide: (task, meta) =>
        decideReview(
          { type: 'approve', approvalId: `approval-${taskId}`, actor: 'grace', ...SHOWN, expiresAt: LATER, rights },
          task,
          meta,
        ),
    },
  );

async function blockerOf(taskId: string): Promise<BlockerPacket> {
  const { artifacts } = await taskNow(taskId);
  const artifact = await unitOfWork.artifacts.get(artifacts.blocker ?? '');
  return BlockerPacket.parse(artifact === null ? null : contentOf(artifact));
}

async function pendingWakes(taskId: string): Promise<number> {
  return (await unitOfWork.outbox.pending(LANE, 10_000)).filter((wake) => wake.taskId === taskId).length;
}

describe('a pass', () => {
  it('goes from the claim to the review, waits for a person, and merges after their yes', async () => {
    const taskId = await project.commit();
    const { steps, calls } = createFakeLine();
    const pass = passOn(unitOfWork, steps);
    expect(await pass(taskId)).toBe('done');
    expect(calls).toEqual(stepNames.filter((name) => name !== 'merge'));
    expect((await taskNow(taskId)).status).toBe('in-review');

    await pass(taskId);
    expect(calls).not.toContain('merge');
    await approve(taskId);
    await pass(taskId);
    expect(await taskNow(taskId)).toMatchObject({ status: 'merged', fence: 2 });
    expect(await unitOfWork.tables.get('story_tasks', taskId)).toMatchObject({ state: 'merged', assigneeAgent: null });
  });

  it('does nothing for a task that is not there, has ended, is paused or waits for a person (F05)', async () => {
    const { steps, calls } = createFakeLine();
    const pass = passOn(unitOfWork, steps);
    expect(await pass('01980000-0000-7000-8000-00000000dead')).toBe('done');
    const stopped = await project.commit();
    await control(stopped, { type: 'stop' });
    const paused = await project.commit();
    await control(paused, { type: 'pause' });
    for (const taskId of [stopped, paused]) {
      const before = await typesOf(taskId);
      expect(await pass(taskId)).toBe('done');
      expect(await typesOf(taskId)).toEqual(before);
    }
    expect(calls).toEqual([]);
  });

  it('goes on with the step that was not recorded, after the store was gone for a while', async () => {
    const taskId = await project.commit();
    const crash = new FactoryError('database-unreachable', 'The database is gone.', { fix: 'Wait.', retryable: true });
    const broken: UnitOfWork = {
      ...unitOfWork,
      async transact(work) {
        return unitOfWork.transact(async (transaction) => {
          const value = await work(transaction);
          if ((await transaction.events(`task:${taskId}`)).at(-1)?.type === 'plan.generated') throw crash;
          return value;
        });
      },
    };
    const first = createFakeLine();
    await expect(passOn(broken, first.steps)(taskId)).rejects.toThrow('The database is gone.');
    expect((await taskNow(taskId)).status).toBe('scoped');
    const second = createFakeLine();
    await passOn(unitOfWork, second.steps)(taskId);
    expect(second.calls[0]).toBe('plan');
    expect((await taskNow(taskId)).status).toBe('in-review');
  });

  it('makes no step while the ledger takes no facts, not even the merge of what was approved (F07, C03)', async () => {
    const taskId = await project.commit();
    const line = createFakeLine();
    await passOn(unitOfWork, line.steps)(taskId);
    await approve(taskId);
    line.calls.length = 0;
    const full = new FactoryError('database-refused', 'No space left on device.', {
      fix: 'Make room.',
      retryable: true,
    });
    const refusing: UnitOfWork = { ...unitOfWork, transact: () => Promise.reject(full) };
    await expect(passOn(refusing, line.steps)(taskId)).rejects.toThrow('No space left on device.');
    expect(line.calls).toEqual([]);
    await passOn(unitOfWork, line.steps)(taskId);
    expect(line.calls).toEqual(['merge']);
  });

  it('leaves the task and its wake to others when its process shuts down', async () => {
    const taskId = await project.commit();
    const shutdown = new AbortController();
    const { steps, calls } = createFakeLine({
      build: async ({ signal }) => {
        shutdown.abort();
        signal.throwIfAborted();
        throw new Error('the signal did not fire');
      },
    });
    expect(await passOn(unitOfWork, steps, { shutdown: shutdown.signal })(taskId)).toBe('busy');
    expect(calls.at(-1)).toBe('build');
    expect((await taskNow(taskId)).status).toBe('locked');
    expect(await passOn(unitOfWork, createFakeLine().steps)(taskId)).toBe('done');
    expect((await taskNow(taskId)).status).toBe('in-review');
  });
});

describe('a fault in a step', () => {
  const fault = (retryable: boolean) =>
    new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.', retryable });

  it('that may pass is tried again', async () => {
    const taskId = await project.commit();
    let tries = 0;
    const { steps } = createFakeLine({
      plan: async (_context, done) => {
        tries += 1;
        if (tries < 3) throw fault(true);
        return done();
      },
    });
    await passOn(unitOfWork, steps)(taskId);
    expect(tries).toBe(3);
    expect((await taskNow(taskId)).status).toBe('in-review');
  });

  it('that does not pass blocks the task after three tries', async () => {
    const taskId = await project.commit();
    const { steps, calls } = createFakeLine({ plan: () => Promise.reject(fault(true)) });
    await passOn(unitOfWork, steps)(taskId);
    expect(calls.filter((name) => name === 'plan')).toHaveLength(3);
    expect(await taskNow(taskId)).toMatchObject({ status: 'blocked' });
  });

  it('that will not pass blocks the task at once, with what to do about it', async () => {
    const taskId = await project.commit();
    const { steps, calls } = createFakeLine({ plan: () => Promise.reject(fault(false)) });
    await passOn(unitOfWork, steps)(taskId);
    expect(calls.filter((name) => name === 'plan')).toHaveLength(1);
    expect(await blockerOf(taskId)).toMatchObject({
      code: 'disk-full',
      reason: 'The disk is full.',
      fix: 'Make room.',
      from: 'mason',
      to: 'person',
    });
    expect(await unitOfWork.tables.get('story_tasks', taskId)).toMatchObject({
      waitingKind: 'blocked',
      waitingWho: 'ada',
      waitingText: 'The disk is full.',
    });
  });

  it('that nobody foresaw blocks the task too, and names the step', async () => {
    const taskId = await project.commit();
    const { steps } = createFakeLine({ scope: () => Promise.reject(new TypeError('x is not a function')) });
    await passOn(unitOfWork, steps)(taskId);
    expect(await blockerOf(taskId)).toMatchObject({ code: 'unexpected', reason: expect.stringContaining('"scope"') });
  });

  it('blocks the task when what the step made can never be kept', async () => {
    const taskId = await project.commit();
    const { steps } = createFakeLine({
      plan: async (_context, done) => {
        const report = await done();
        return { ...report, artifacts: [{ ...jsonArtifact('packet', {}), hash: 'not its hash' }] };
      },
    });
    await passOn(unitOfWork, steps)(taskId);
    expect(await taskNow(taskId)).toMatchObject({ status: 'blocked' });
    expect(await blockerOf(taskId)).toMatchObject({ code: 'artifact-invalid' });
  });
});

describe('stop and pause', () => {
  it.each(['stop', 'pause'] as const)('%s a running step, and what it still hands in is dropped', async (type) => {
    const taskId = await project.commit();
    let fired = false;
    const { steps, calls } = createFakeLine({
      build: async ({ signal }, done) => {
        await control(taskId, { type });
        await waitFor(() => signal.aborted);
        fired = true;
        return done();
      },
    });
    await passOn(unitOfWork, steps)(taskId);
    expect(fired).toBe(true);
    expect(calls.at(-1)).toBe('build');
    expect(await typesOf(taskId)).not.toContain('code.generated');
    expect((await taskNow(taskId)).status).toBe(type === 'stop' ? 'cancelled' : 'locked');
  });

  it('ends a step that throws on its signal without calling that a fault', async () => {
    const taskId = await project.commit();
    const { steps } = createFakeLine({
      build: async ({ signal }) => {
        await control(taskId, { type: 'pause' });
        await waitFor(() => signal.aborted);
        signal.throwIfAborted();
        throw new Error('never');
      },
    });
    await passOn(unitOfWork, steps)(taskId);
    expect(await typesOf(taskId)).not.toContain('task.blocked');
  });

  it('resume wakes the task, which goes on where it was', async () => {
    const taskId = await project.commit();
    await control(taskId, { type: 'pause' });
    const before = await pendingWakes(taskId);
    await control(taskId, { type: 'resume' });
    expect(await pendingWakes(taskId)).toBe(before + 1);
    await passOn(unitOfWork, createFakeLine().steps)(taskId);
    expect((await taskNow(taskId)).status).toBe('in-review');
  });
});

describe('two passes', () => {
  it('never work on one task at once: the second is told to come back (F03)', async () => {
    const taskId = await project.commit();
    const second = createFakeLine();
    let answer: string | null = null;
    const { steps } = createFakeLine({
      plan: async (_context, done) => {
        answer = await passOn(unitOfWork, second.steps)(taskId);
        return done();
      },
    });
    expect(await passOn(unitOfWork, steps)(taskId)).toBe('done');
    expect(answer).toBe('busy');
    expect(second.calls).toEqual([]);
  });

  it('a pass that lost its lock unnoticed is fenced off by the newer one (F03, I4)', async () => {
    const taskId = await project.commit();
    const withoutLock: UnitOfWork = {
      ...unitOfWork,
      withLock: async (_key, work) => ({ ran: true, value: await work() }),
    };
    const { steps, calls } = createFakeLine({
      plan: async (_context, done) => {
        const report = await done();
        await passOn(withoutLock, createFakeLine().steps)(taskId);
        return report;
      },
    });
    expect(await passOn(withoutLock, steps)(taskId)).toBe('done');
    expect(calls.at(-1)).toBe('plan');
    const types = await typesOf(taskId);
    expect(types.filter((type) => type === 'plan.generated')).toHaveLength(1);
    expect(types.filter((type) => type === 'pull-request.opened')).toHaveLength(1);
  });
});

describe('a task that builds on another', () => {
  it('waits and says for whom, is woken by the merge, and then starts', async () => {
    const first = await project.commit();
    const second = await project.commit({ dependsOn: [first] });
    const { steps, calls } = createFakeLine();
    const pass = passOn(unitOfWork, steps);
    await pass(second);
    expect(calls).toEqual([]);
    const { number } = await taskNow(first);
    expect((await taskNow(second)).waiting).toMatchObject({ kind: 'dependency', who: `task ${number}` });
    const facts = (await typesOf(second)).length;
    await pass(second);
    expect(await typesOf(second)).toHaveLength(facts);

    await pass(first);
    await approve(first);
    const before = await pendingWakes(second);
    await pass(first);
    expect(await pendingWakes(second)).toBe(before + 1);
    await pass(second);
    expect(await taskNow(second)).toMatchObject({ status: 'in-review', waiting: null });
  });

  it('is told when that one is blocked, and asks its own requester when that one is stopped', async () => {
    const first = await project.commit();
    const second = await project.commit({ dependsOn: [first], requester: 'linus' });
    const blocking = createFakeLine({ scope: () => Promise.reject(new Error('no')) });
    await passOn(unitOfWork, blocking.steps)(first);
    expect(await pendingWakes(second)).toBe(1);
    const pass = passOn(unitOfWork, createFakeLine().steps);
    await pass(second);
    expect((await taskNow(second)).waiting?.text).toContain('is blocked');
    expect((await taskNow(second)).waiting?.who).not.toBe('linus');

    await control(first, { type: 'stop' });
    expect(await pendingWakes(second)).toBe(2);
    await pass(second);
    expect((await taskNow(second)).waiting).toMatchObject({
      kind: 'dependency',
      who: 'linus',
      text: expect.stringContaining('was stopped'),
    });
  });
});

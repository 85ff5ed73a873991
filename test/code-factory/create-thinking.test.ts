import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlTask } from '#src/code-factory/control-task.ts';
import { createThinking } from '#src/code-factory/create-thinking.ts';
import type { PersonCommand } from '#src/code-factory/decide-person.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Task } from '#src/code-factory/task.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { eraseArtifacts } from '#persistence/artifact-store.ts';
import { budgetsOf, createFakeModel, PLAIN, requestOf } from '#test/model-calls/fake-model.ts';
import type { FakeModel } from '#test/model-calls/fake-model.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import { OWN_SECRET } from '#test/safety/corpus.ts';
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

function thinkingWith(model: FakeModel) {
  const office = { for: () => ({ model, price: null }) };
  return createThinking({ unitOfWork, clock: systemClock, office, budgets: budgetsOf(), secrets: [OWN_SECRET] });
}

/** Runs a pass up to the plan and does `work` there, as a step would. */
async function duringPlan(taskId: string, work: (task: Task) => Promise<void>): Promise<void> {
  const { steps } = createFakeLine({
    plan: async ({ task }, done) => {
      await work(task);
      return done();
    },
  });
  await passOn(unitOfWork, steps)(taskId);
}

const control = (taskId: string, command: PersonCommand) =>
  controlTask({ unitOfWork, clock: systemClock }, { taskId, actor: 'ada', lane: LANE, command });

async function append(stream: string, ...events: Parameters<typeof appendTo>[2][]): Promise<void> {
  for (const event of events) await appendTo(unitOfWork, stream, event);
}

function appendTo(uow: UnitOfWork, stream: string, event: ReturnType<typeof draft>, text?: string): Promise<void> {
  return uow.transact(async (transaction) => {
    const artifact = text === undefined ? null : textArtifact('steering', 'text/plain', text);
    if (artifact !== null) transaction.putArtifact(artifact);
    const { length } = await transaction.events(stream);
    transaction.append(stream, length, [{ ...event, artifact: artifact?.hash ?? null }]);
  });
}

async function say(taskId: string, steeringId: string, text: string): Promise<void> {
  await appendTo(unitOfWork, `task:${taskId}`, draft('steering.given', { taskId, steeringId }, { taskId }), text);
}

describe('the calls of a step', () => {
  it('tell a model no secret of the factory itself (C15)', async () => {
    const taskId = await project.commit();
    const model = createFakeModel();
    await duringPlan(taskId, async (task) => {
      const calls = await thinkingWith(model).open(task, 'plan', 'mason');
      await calls?.ask(requestOf(`git said ${OWN_SECRET}`), PLAIN);
    });
    expect(JSON.stringify(model.requests)).toContain('git said [redacted secret]');
    expect(JSON.stringify(model.requests)).not.toContain(OWN_SECRET);
  });

  it('are those of the task, its run and its attempt', async () => {
    const taskId = await project.commit();
    const thinking = thinkingWith(createFakeModel());
    await duringPlan(taskId, async (task) => {
      const calls = await thinking.open(task, 'plan', 'mason');
      await calls?.ask(requestOf('x'), PLAIN);
    });
    const { run } = (await loadTask(unitOfWork, taskId)) ?? { run: null };
    const [row] = await unitOfWork.tables.find('model_calls', { taskId });
    expect(row).toMatchObject({
      stepKey: expect.stringContaining(`${run?.runId}/1/plan/`),
      persona: 'mason',
      projectId: project.projectId,
    });
  });

  it.each([
    ['stopped', { type: 'stop' } as const, 'task-ended'],
    ['paused', { type: 'pause' } as const, 'task-paused'],
  ])('ask nothing more once the task is %s: I7', async (_what, command, code) => {
    const taskId = await project.commit();
    const model = createFakeModel();
    await duringPlan(taskId, async (task) => {
      const calls = await thinkingWith(model).open(task, 'plan', 'mason');
      await control(taskId, command);
      await expect(calls?.ask(requestOf('x'), PLAIN)).rejects.toMatchObject({ code });
      await expect(thinkingWith(model).hear(task, 'mason')).rejects.toMatchObject({ code });
    });
    expect(model.requests).toEqual([]);
    expect(await unitOfWork.tables.find('model_calls', { taskId })).toEqual([]);
  });

  it('are none for a task that takes a merged change back: that is git alone', async () => {
    const taskId = await project.commit();
    const reverts = { chain: [], landed: { mergedSha: 'm', baseSha: 'b', headSha: 'h' } };
    await duringPlan(taskId, async (task) => {
      expect(await thinkingWith(createFakeModel()).open({ ...task, reverts }, 'plan', 'mason')).toBeNull();
    });
    expect((await loadTask(unitOfWork, taskId))?.status).toBe('in-review');
  });

  it('ask nothing more once another pass took the task up', async () => {
    const taskId = await project.commit();
    const model = createFakeModel();
    await duringPlan(taskId, async (task) => {
      const calls = await thinkingWith(model).open({ ...task, fence: task.fence - 1 }, 'plan', 'mason');
      await expect(calls?.ask(requestOf('x'), PLAIN)).rejects.toMatchObject({ code: 'fenced' });
    });
    expect(model.requests).toEqual([]);
  });

  it.each(['project', 'conversation'] as const)(
    'are none where people switched models off for the %s',
    async (scope) => {
      const own = await createProject(unitOfWork);
      const taskId = await own.commit();
      const thinking = thinkingWith(createFakeModel());
      await duringPlan(taskId, async (task) => {
        const key = scope === 'project' ? task.projectId : task.conversationId;
        const switched = (allowed: boolean) => draft('model.switched', { scope, key, allowed });
        await append(`model:${scope}:${key}`, switched(false));
        expect(await thinking.open(task, 'plan', 'mason')).toBeNull();
        await append(`model:${scope}:${key}`, switched(true));
        expect(await thinking.open(task, 'plan', 'mason')).not.toBeNull();
      });
    },
  );
});

describe('the calls of a conversation', () => {
  it('stand under the conversation, unless people switched models off there', async () => {
    const thinking = thinkingWith(createFakeModel());
    const own = { projectId: project.projectId, conversationId: randomUUID(), occasion: 'the hash of its words' };
    const calls = await thinking.openConversation(own, 'refine', 'piper');
    await calls?.ask(requestOf('x'), PLAIN);
    const rows = await unitOfWork.tables.find('model_calls', { conversationId: own.conversationId });
    expect(rows).toMatchObject([{ taskId: null, step: 'refine', persona: 'piper' }]);
    const { conversationId: key } = own;
    await append(`model:conversation:${key}`, draft('model.switched', { scope: 'conversation', key, allowed: false }));
    expect(await thinking.openConversation(own, 'refine', 'piper')).toBeNull();
  });
});

describe('what people say in the thread', () => {
  it('is heard by whoever works on it, in order, and new only once', async () => {
    const taskId = await project.commit();
    await say(taskId, 's1', 'Use a table.');
    await say(taskId, 's2', 'No, a list.');
    const thinking = thinkingWith(createFakeModel());
    await duringPlan(taskId, async (task) => {
      expect(await thinking.hear(task, 'mason')).toMatchObject([
        { steeringId: 's1', by: 'ada', text: 'Use a table.', isNew: true },
        { steeringId: 's2', text: 'No, a list.', isNew: true },
      ]);
      await say(taskId, 's3', 'In English.');
      expect(await thinking.hear(task, 'mason')).toMatchObject([{ isNew: false }, { isNew: false }, { isNew: true }]);
      await thinking.hear(task, 'vera');
    });
    const heard = (await unitOfWork.ledger.stream(`task:${taskId}`)).filter(({ type }) => type === 'steering.heard');
    expect(heard).toMatchObject([
      { agent: 'mason', body: { steeringIds: ['s1', 's2'], persona: 'mason' } },
      { agent: 'mason', body: { steeringIds: ['s3'] } },
    ]);
    expect((await loadTask(unitOfWork, taskId))?.status).toBe('in-review');
  });

  it('is left out once it was erased', async () => {
    const taskId = await project.commit();
    const text = `Gone ${taskId}`;
    await say(taskId, 's1', text);
    await eraseArtifacts(store.orm.em.fork(), [textArtifact('steering', 'text/plain', text).hash]);
    const thinking = thinkingWith(createFakeModel());
    await duringPlan(taskId, async (task) => expect(await thinking.hear(task, 'mason')).toEqual([]));
  });
});

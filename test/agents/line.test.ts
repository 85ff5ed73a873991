import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLine, roster } from '#agents/line.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Steps } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import { reviseChangeSet } from '#src/backlog/revise-change-set.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { approveTask, requestChanges } from '#src/review/review-task.ts';
import type { ReviewDependencies } from '#src/review/review-task.ts';
import { brief, createProject, LANE, passOn, type Project } from '#test/code-factory/floor.ts';
import { BASE, HEAD } from '#test/code-factory/life.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createTools, createWorld, type World } from './fakes.ts';

const TESTED = '{"scripts":{"test":"node --test"}}';
const SECOND_HEAD = '7'.repeat(40);
const PERSONS_HEAD = 'f'.repeat(40);

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
let world: World;
let steps: Steps;
let taskId: string;

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
});
afterAll(() => store.close());

beforeEach(async () => {
  // A project each: pull request numbers are the fake forge's own, and stand once in a repository.
  project = await createProject(unitOfWork);
  world = createWorld();
  world.packageJson = () => TESTED;
  steps = createLine(createTools(unitOfWork, world));
  taskId = await project.commit();
});

const clock = { now: () => new Date((world.nowMs += 1)) };
const pass = () => passOn(unitOfWork, steps, { clock })(taskId);
const retry = (revision: string | null = null, artifacts: ReturnType<typeof jsonArtifact>[] = []) =>
  controlTask(
    { unitOfWork, clock },
    { taskId, actor: 'ada', lane: LANE, command: { type: 'retry', revision }, artifacts },
  );
const review = (): ReviewDependencies => ({
  unitOfWork,
  clock,
  ids: { next: () => crypto.randomUUID() },
  forge: { closePullRequest: async () => {} },
  rightsFor: async () => ({ approvers: world.approvers, forge: 'local' }),
  approvalExpiryHours: 72,
});

async function taskNow(): Promise<Task> {
  const task = await loadTask(unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

async function packets(): Promise<AnyPacket[]> {
  const events = await unitOfWork.ledger.stream(`task:${taskId}`);
  const found: AnyPacket[] = [];
  for (const { artifact } of events) {
    const kept = artifact === null ? null : await unitOfWork.artifacts.get(artifact);
    const packet = kept?.kind === 'packet' ? AnyPacket.safeParse(contentOf(kept)) : null;
    if (packet?.success === true) found.push(packet.data);
  }
  return found;
}

const pushes = () => world.effects.filter((effect) => effect.startsWith('push'));

describe('the line', () => {
  it('hands one packet on after another, each from its persona to the next', async () => {
    await pass();
    expect((await packets()).map(({ type, from, to }) => `${type}: ${from} to ${to}`)).toEqual([
      'assignment: tess to piper',
      'scope: piper to mason',
      'plan: mason to vera',
      'behaviour-lock: vera to ollan',
      'build-result: ollan to vera',
      'qa-result: vera to tess',
    ]);
    expect((await taskNow()).status).toBe('in-review');
  });

  it('deals only in packets that its personas say they accept and return', async () => {
    await pass();
    for (const { type, from, to } of await packets()) {
      expect(roster.find(({ name }) => name === from)?.returns).toContain(type);
      expect(roster.find(({ name }) => name === to)?.accepts).toContain(type);
    }
  });

  it('makes the branch before anything else', async () => {
    await pass();
    expect(world.effects[0]).toMatch(/^branch factory\/1-greet-1$/);
  });

  it('asks nobody in particular where no one may approve', async () => {
    world.approvers = [];
    await pass();
    expect(await unitOfWork.tables.get('story_tasks', taskId)).toMatchObject({
      waitingKind: 'approval',
      waitingWho: 'an approver (the list is empty)',
    });
  });

  it('waits visibly for a sandbox before code is run, and for nothing else', async () => {
    world.sandbox = { ok: false, reason: 'No bubblewrap.', fix: 'Install it.' };
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'planned', waiting: { kind: 'sandbox' } });
    expect(world.effects.filter((effect) => effect === 'check')).toEqual([]);
  });
});

describe('a check whose program is not on this machine', () => {
  it('asks a person at once, with what to install', async () => {
    world.checkExit = 127;
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'blocked', attempt: 1 });
    const blocker = (await packets()).at(-1);
    expect(blocker).toMatchObject({ type: 'blocker', code: 'check-tool-missing' });
    expect(JSON.stringify(blocker)).toContain('Install npm for all users');
  });
});

describe('a test that passed before the change and is gone after it', () => {
  it('is the first thing that the reviewer is told (A28)', async () => {
    world.checkPrints = (run) =>
      run === 1 ? 'TAP version 13\nok 1 - a\nok 2 - b\n1..2' : 'TAP version 13\nok 1 - a\n1..1';
    await pass();
    const bodies = (await unitOfWork.ledger.stream(`task:${taskId}`)).map((event) => event.body);
    const asked = bodies.find((body): body is typeof body & { lookAt: string[] } => 'lookAt' in body);
    expect(asked?.lookAt[0]).toBe('"b" passed before this change and is gone.');
  });
});

describe('another go', () => {
  it('at code that nobody would change is not made: a person is asked after one failed attempt', async () => {
    world.checkExit = 1;
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'blocked', attempt: 2 });
    expect((await packets()).filter(({ type }) => type === 'build-result')).toHaveLength(1);
    expect((await packets()).at(-1)).toMatchObject({
      type: 'blocker',
      code: 'same-code-again',
      reason: expect.stringContaining('npm test'),
      fix: expect.stringContaining('Paste a corrected version'),
    });
  });

  it('without new code makes the same commit again, and tells of it once', async () => {
    world.checkExit = 1;
    await pass();
    expect((await taskNow()).status).toBe('blocked');
    world.checkExit = 0;
    await retry();
    await pass();
    expect((await taskNow()).status).toBe('in-review');
    expect(
      await unitOfWork.tables.find('git_commits', { sha: HEAD, branchId: (await taskNow()).branch?.branchId ?? '' }),
    ).toHaveLength(1);
    const builds = (await packets()).filter((packet) => packet.type === 'build-result');
    expect(builds.map(({ commits }) => commits.length)).toEqual([1, 0]);
  });

  it('takes pasted code, credits who pasted it, and keeps the pull request', async () => {
    await pass();
    const pullRequest = (await taskNow()).pullRequest?.pullRequestId;
    await requestChanges(review(), { taskId, actor: 'grace', lane: LANE, comment: 'In French.', mend: false });
    const pasted = [
      { path: 'src/greet.js', kind: 'file' as const, content: 'export const greet = 2;\n', position: 0, isTest: false },
    ];
    const revised = jsonArtifact(
      'change-set',
      reviseChangeSet(brief('').changeSet, { edits: pasted, leftOut: [] }, 'linus'),
    );
    world.headSha = SECOND_HEAD;
    await retry(revised.hash, [revised]);
    await pass();
    expect((await taskNow()).pullRequest).toMatchObject({ pullRequestId: pullRequest, headSha: SECOND_HEAD });
    const plan = (await packets()).findLast((packet) => packet.type === 'plan');
    expect(plan?.fileTargets.map(({ path, why, evidence }) => ({ path, why, evidence }))).toEqual([
      { path: 'test/greet.test.js', why: 'Test from message 2 by ChatGPT.', evidence: [1] },
      { path: 'src/greet.js', why: "Code from what linus pasted in the task's thread.", evidence: [] },
    ]);
    expect(pushes().at(-1)).toContain(`over ${HEAD.slice(0, 7)}`);
  });
});

describe("a person's commits on the branch", () => {
  it('are never pushed over, not even after a review took them up', async () => {
    await pass();
    const { pullRequest } = await taskNow();
    await approveTask(review(), {
      taskId,
      actor: 'grace',
      lane: LANE,
      headSha: HEAD,
      diffHash: pullRequest?.diffHash ?? '',
    });
    world.headSha = PERSONS_HEAD;
    world.checkExit = 1;
    world.pushAnswer = 'moved';
    await pass();
    const isBlocked = async () =>
      expect((await packets()).at(-1)).toMatchObject({
        type: 'blocker',
        code: 'branch-moved',
        fix: expect.stringContaining('nothing of theirs was overwritten'),
      });
    await isBlocked();
    expect(pushes().map((push) => push.split(' ').at(-1))).toEqual([BASE.slice(0, 7)]);
    await retry();
    await pass();
    await isBlocked();
    expect(pushes().map((push) => push.split(' ').at(-1))).toEqual([BASE.slice(0, 7), HEAD.slice(0, 7)]);
  });
});

describe('a base that changed the same lines', () => {
  it('stops the pull request with a way out that works', async () => {
    world.headHasBase = false;
    world.conflict = true;
    await pass();
    expect((await packets()).at(-1)).toMatchObject({
      type: 'blocker',
      code: 'merge-conflict',
      fix: expect.stringContaining('commit its story again'),
    });
    expect(world.effects).not.toContain('open');
  });
});

describe('a stop', () => {
  it('that comes while code is written leaves nothing pushed', async () => {
    const workspace = createTools(unitOfWork, world);
    const importBundle = workspace.workspace.importBundle;
    let aborted = false;
    workspace.workspace.importBundle = async (...given) => {
      if ((await taskNow()).status === 'locked') {
        await controlTask({ unitOfWork, clock }, { taskId, actor: 'ada', lane: LANE, command: { type: 'stop' } });
        while (!aborted) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return importBundle(...given);
    };
    const line = createLine(workspace);
    steps = {
      ...line,
      build: (context) => {
        context.signal.addEventListener('abort', () => void (aborted = true));
        return line.build(context);
      },
    };
    await pass();
    expect(pushes()).toEqual([]);
    expect((await taskNow()).status).toBe('cancelled');
  });
});

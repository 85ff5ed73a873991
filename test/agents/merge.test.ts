import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMerge } from '#agents/tess/merge.ts';
import { recordHalt } from '#src/code-factory/halt-watch.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Steps } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { approveTask } from '#src/review/review-task.ts';
import { createFakeLine, createProject, LANE, passOn, type Project, SHOWN } from '#test/code-factory/floor.ts';
import { BASE, HEAD, stepCommands } from '#test/code-factory/life.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createTools, createWorld, MERGED, type World } from './fakes.ts';
import { packetHeaderOf } from '#agents/tools/packet-header.ts';

const NEW_HEAD = 'f'.repeat(40);
const NEW_BASE = '9'.repeat(40);
const HOUR_MS = 3_600_000;
const TESTED = '{"scripts":{"test":"node --test"}}';

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
let world: World;
let taskId: string;
let steps: Steps;

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

/** The fake line with a lock that can be read, and the real merge. */
function lineWithMerge(): Steps {
  const { steps: fake } = createFakeLine({
    lock: async ({ task }) => {
      const packet = BehaviourLockPacket.parse({
        ...packetHeaderOf(task, 'vera', 'ollan'),
        type: 'behaviour-lock',
        testsSha: null,
        testFiles: [],
        redOnBase: null,
        baselineArtifact: null,
        featureArtifact: 'feature',
        notes: [],
      });
      const artifact = jsonArtifact('packet', packet);
      const command = { ...stepCommands['record-lock'], artifact: artifact.hash };
      return { artifacts: [artifact], decide: (now, step, meta) => decideStep(command, now, step, meta) };
    },
    open: async (_context, done) => {
      world.effects.push('ask');
      return done();
    },
    check: async (_context, done) => {
      world.effects.push('check the branch');
      return done();
    },
  });
  return { ...fake, merge: createMerge(createTools(unitOfWork, world)) };
}

/** Goes on with every look: no two runs of one step begin in the same millisecond. */
const clock = { now: () => new Date((world.nowMs += 1)) };
const pass = () => passOn(unitOfWork, steps, { clock })(taskId);

const approve = (actor = 'grace') =>
  approveTask(
    {
      unitOfWork,
      clock,
      ids: { next: () => `approval-${Math.random()}` },
      forge: { closePullRequest: async () => {} },
      rightsFor: async () => ({ approvers: world.approvers, forge: 'local' }),
      approvalExpiryHours: 72,
    },
    { taskId, actor, lane: LANE, ...SHOWN },
  );

beforeEach(async () => {
  world = createWorld();
  steps = lineWithMerge();
  taskId = await project.commit();
  await pass();
  await approve();
  world.effects = [];
});

async function taskNow(): Promise<Task> {
  const task = await loadTask(unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

const facts = async () => (await unitOfWork.ledger.stream(`task:${taskId}`)).map((event) => event);
const voidReasons = async () =>
  (await facts()).flatMap((event) => (event.type === 'approval.voided' ? [event.body] : []));
const approvalRow = async () => (await unitOfWork.tables.find('approvals', { taskId }))[0];
const merges = () => world.effects.filter((effect) => effect.startsWith('merge'));

describe('the merge', () => {
  it('lands exactly what was approved, once, and uses the approval up (C05)', async () => {
    await pass();
    expect(merges()).toEqual([`merge ${HEAD.slice(0, 7)} onto ${BASE.slice(0, 7)} as ${MERGED.slice(0, 7)}`]);
    expect(await taskNow()).toMatchObject({ status: 'merged', mergedSha: MERGED });
    expect(await approvalRow()).toMatchObject({ state: 'used' });
    await pass();
    expect(merges()).toHaveLength(1);
  });

  it('only records a merge that it finds done, after a crash before the record (F02)', async () => {
    world.pullRequest = { state: 'merged', mergedSha: MERGED, headSha: HEAD };
    await pass();
    expect(merges()).toEqual([]);
    expect(await taskNow()).toMatchObject({ status: 'merged', mergedSha: MERGED });
  });

  it('does not pass off as approved what somebody merged by hand from another head', async () => {
    world.pullRequest = { state: 'merged', mergedSha: MERGED, headSha: NEW_HEAD };
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'blocked', approval: null });
    expect(await approvalRow()).toMatchObject({ state: 'voided', reason: 'head-moved' });
  });
});

describe('an approval that no longer fits', () => {
  it('is void when the head moved; the new head is checked and asked about (C04, A20)', async () => {
    world.headSha = NEW_HEAD;
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'head-moved', next: 'built', headSha: NEW_HEAD }]);
    expect(world.effects).toEqual(['check the branch', 'ask']);
    expect(await approvalRow()).toMatchObject({ state: 'voided' });
    expect(await taskNow()).toMatchObject({ status: 'in-review', approval: null });
  });

  it('is void when the head moves while the merge is made (A20)', async () => {
    world.mergeAnswer = { outcome: 'head-moved', actualSha: NEW_HEAD };
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'head-moved', next: 'built', headSha: NEW_HEAD }]);
  });

  it('is void when the merge would change something else (C04, A21)', async () => {
    world.diffHash = '0'.repeat(64);
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'diff-changed', next: 'checked' }]);
    expect(world.effects).toEqual(['ask']);
  });

  it('is void after its time (C04, C05)', async () => {
    world.nowMs += 72 * HOUR_MS;
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'expired', next: 'checked' }]);
  });

  it('still holds just before its time is over', async () => {
    world.nowMs += 72 * HOUR_MS - 60_000;
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it.each([
    { how: 'the setting', change: () => void (world.approvers = ['linus']) },
    { how: 'the repository', change: () => void (world.factoryYaml = 'approvers: [linus]\n') },
    { how: 'an emptied list', change: () => void (world.approvers = []) },
    { how: 'a group that cannot be read', change: () => void (world.approvers = ['slack:S0LEADS']) },
  ])('is void when $how took the right away between the press and the merge (C07)', async ({ change }) => {
    change();
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'rights-withdrawn', next: 'checked' }]);
    expect(merges()).toEqual([]);
  });

  it('is void when its giver was taken out of the group between the press and the merge (C07)', async () => {
    const members = ['grace'];
    Object.assign(world, { approvers: ['slack:S0LEADS'], groups: { members: async () => members } });
    members.pop();
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'rights-withdrawn' }]);
    expect(merges()).toEqual([]);
  });

  it('still holds for a member of the group', async () => {
    Object.assign(world, { approvers: ['slack:S0LEADS'], groups: { members: async () => ['grace'] } });
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it.each([
    {
      what: 'a conflict with the base',
      change: () => void Object.assign(world, { headHasBase: false, conflict: true }),
      reason: 'merge-conflict',
    },
    {
      what: 'checks that fail on the merge result',
      change: () =>
        void Object.assign(world, { headHasBase: false, baseSha: NEW_BASE, packageJson: () => TESTED, checkExit: 1 }),
      reason: 'checks-failed',
    },
  ])('is void after $what, and a person is asked', async ({ change, reason }) => {
    change();
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason }]);
    expect(await approvalRow()).toMatchObject({ state: 'voided', reason });
    expect(await taskNow()).toMatchObject({ status: 'blocked', approval: null });
    expect((await unitOfWork.tables.get('story_tasks', taskId))?.waitingWho).toBe('ada');
    expect(merges()).toEqual([]);
    world.conflict = false;
    world.checkExit = 0;
    await pass();
    expect(merges()).toEqual([]);
  });
});

describe('a base that moved', () => {
  it('has the checks run again on what would land, and then merges', async () => {
    Object.assign(world, { headHasBase: false, baseSha: NEW_BASE, packageJson: () => TESTED });
    await pass();
    expect(world.effects).toEqual([
      'check',
      `merge ${HEAD.slice(0, 7)} onto ${NEW_BASE.slice(0, 7)} as ${MERGED.slice(0, 7)}`,
    ]);
    expect(await unitOfWork.tables.find('qa_runs', { taskId, phase: 'merge-result' })).toMatchObject([
      { sha: MERGED, exitCode: 0 },
    ]);
  });

  it('runs the checks that the change brings where the base has none', async () => {
    Object.assign(world, { headHasBase: false, baseSha: NEW_BASE, checkExit: 1 });
    world.packageJson = (sha) => (sha === NEW_BASE ? null : TESTED);
    await pass();
    expect(await voidReasons()).toMatchObject([{ reason: 'checks-failed' }]);
  });

  it('waits for a sandbox before anything is run or merged', async () => {
    Object.assign(world, { headHasBase: false, packageJson: () => TESTED });
    world.sandbox = { ok: false, reason: 'No bubblewrap.', fix: 'Install it.' };
    await pass();
    expect(await taskNow()).toMatchObject({
      status: 'approved',
      waiting: { kind: 'sandbox', text: 'No bubblewrap. Install it.' },
    });
    expect(world.effects).toEqual([]);
    world.sandbox = { ok: true };
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it('is tried again when it moves in the last moment', async () => {
    world.mergeAnswer = { outcome: 'base-moved', actualSha: NEW_BASE };
    world.beforeMerge = async () => {
      world.beforeMerge = async () => void (world.mergeAnswer = null);
    };
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
    expect(merges()).toHaveLength(1);
  });
});

describe('a merge that cannot be now', () => {
  it('waits for a dirty clone, says so, and keeps the approval', async () => {
    world.mergeAnswer = { outcome: 'waits', reason: 'Your clone has changes that are not committed.' };
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'approved', waiting: { kind: 'dirty-clone', who: 'grace' } });
    expect(await approvalRow()).toMatchObject({ state: 'granted' });
    world.mergeAnswer = null;
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged', waiting: null });
  });

  it('does not merge a pull request that was closed (F23)', async () => {
    world.pullRequest = { state: 'closed', mergedSha: null, headSha: HEAD };
    await pass();
    expect(merges()).toEqual([]);
    expect(await taskNow()).toMatchObject({ status: 'blocked', approval: null });
  });

  it.each(['stop', 'pause'] as const)('does not land after a person said %s, however late (F27, I7)', async (type) => {
    world.beforeMerge = async () => {
      await controlTask({ unitOfWork, clock }, { taskId, actor: 'ada', lane: LANE, command: { type } });
    };
    await pass();
    expect(merges()).toEqual([]);
    expect(await taskNow()).toMatchObject(
      type === 'stop' ? { status: 'cancelled' } : { status: 'approved', paused: true },
    );
    expect((await facts()).map((event) => event.type)).not.toContain('task.blocked');
  });

  it('does not land after a halt, however late, and lands after the resume (C28)', async () => {
    const control = (type: 'halt' | 'resume') =>
      recordHalt({ unitOfWork, clock }, { type, actor: 'ada', reason: null, originId: null });
    world.beforeMerge = async () => {
      await control('halt');
    };
    expect(await pass()).toBe('busy');
    expect(merges()).toEqual([]);
    expect(await taskNow()).toMatchObject({ status: 'approved', paused: false });
    world.beforeMerge = null;
    await control('resume');
    await pass();
    expect(merges()).toHaveLength(1);
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it('lets one merge at a time into a repository', async () => {
    let inside = 0;
    let most = 0;
    const other = await project.commit();
    const first = taskId;
    await passOn(unitOfWork, steps, { clock })(other);
    taskId = other;
    await approve();
    world.beforeMerge = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 50));
      world.pullRequest = { state: 'open', mergedSha: null, headSha: null };
      inside -= 1;
    };
    const run = passOn(unitOfWork, steps, { clock });
    await Promise.all([run(first), run(other)]);
    expect(most).toBe(1);
  });
});

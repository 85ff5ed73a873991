import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLine } from '#agents/line.ts';
import { createLookAtReview } from '#agents/tess/look-at-review.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { EventType } from '#src/ledger/event-types.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import type { ForgeCheck, ForgeChecks } from '#src/ports/forge.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { createTools, createWorld, MERGED, type World } from '#test/agents/fakes.ts';
import { createProject, passOn } from '#test/code-factory/floor.ts';
import { HEAD } from '#test/code-factory/life.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';

let store: TestStore;
let world: World;
let taskId: string;
let pass: () => Promise<unknown>;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

beforeEach(async () => {
  const project = await createProject(store.unitOfWork);
  world = createWorld();
  world.packageJson = () => '{"scripts":{"test":"node --test"}}';
  const clock = { now: () => new Date((world.nowMs += 1)) };
  const tools = createTools(store.unitOfWork, world);
  const steps = createLine(tools);
  const onForge = { ...tools, forge: { ...tools.forge, kindOf: () => 'github' } };
  const lookAtReview = createLookAtReview(onForge, { modelFor: async () => false, approvalExpiryHours: 72 });
  taskId = await project.commit();
  pass = () => passOn(store.unitOfWork, steps, { clock, lookAtReview })(taskId);
});

const HOUR_MS = 3_600_000;
const PUSHED = 'f'.repeat(40);

const check = (name: string, state: ForgeCheck['state'], summary: string | null = null): ForgeCheck => ({
  name,
  state,
  url: null,
  summary,
  durationMs: state === 'pending' ? null : 4_000,
});
const says = (state: ForgeChecks['state'], ...runs: ForgeCheck[]): ForgeChecks => ({ state, runs });

async function last<T extends EventType>(type: T) {
  for (const event of (await store.unitOfWork.ledger.stream(`task:${taskId}`)).toReversed())
    if (isEvent(event, type)) return event;
  return undefined;
}
const task = () => loadTask(store.unitOfWork, taskId);
const row = () => store.unitOfWork.tables.get('story_tasks', taskId);

describe("the forge's own checks", () => {
  it('are waited for, in words, and nobody is asked for a review meanwhile', async () => {
    world.forgeChecks = says('pending', check('lint', 'passed'), check('build', 'pending'));
    await pass();
    expect(await row()).toMatchObject({
      state: 'checked',
      waitingKind: 'checks',
      waitingText: expect.stringMatching(/^Pull request 7 is open and waits for 1 of 2 checks: build\. After 6 hours/),
    });
    expect(await last('pull-request.opened')).toBeUndefined();

    world.forgeChecks = says('passed', check('lint', 'passed'), check('build', 'passed'));
    await pass();
    expect((await task())?.status).toBe('in-review');
    expect(await row()).toMatchObject({ waitingKind: 'approval' });
  });

  it('are waited for no longer once somebody closed the pull request: none is opened in its place', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    world.effects = [];
    world.pullRequest = { ...world.pullRequest, state: 'closed' };
    await pass();
    expect((await last('task.blocked'))?.body.code).toBe('pull-request-closed');
    expect(world.effects).not.toContain('open');
  });

  it('are waited for again when somebody opens it again, and nothing is checked twice', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    world.pullRequest = { ...world.pullRequest, state: 'closed' };
    await pass();
    expect((await last('pull-request.closed'))?.body.mergedSha).toBeNull();
    const { length } = await store.unitOfWork.ledger.stream(`task:${taskId}`);
    await pass();
    expect(await store.unitOfWork.ledger.stream(`task:${taskId}`)).toHaveLength(length);
    world.pullRequest = { ...world.pullRequest, state: 'open' };
    world.forgeChecks = says('passed', check('build', 'passed'));
    await pass();
    expect((await task())?.status).toBe('in-review');
    expect((await last('pull-request.reopened'))?.body).toMatchObject({ state: 'checked' });
    const [shown] = await store.unitOfWork.tables.find('pull_requests', { taskId });
    expect(shown).toMatchObject({ state: 'open', number: 7, closedAt: null });
  });

  it('are those of the head that is there: what somebody pushed meanwhile is checked first', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    world.pullRequest = { ...world.pullRequest, headSha: PUSHED };
    const verdicts = async () =>
      (await store.unitOfWork.ledger.stream(`task:${taskId}`)).filter(({ type }) => type === 'qa.passed').length;
    expect(await verdicts()).toBe(1);
    world.forgeChecks = says('passed', check('build', 'passed'));
    await pass();
    expect((await last('review.outdated'))?.body.headSha).toBe(PUSHED);
    expect(await verdicts()).toBe(2);
    expect(await task()).toMatchObject({ status: 'in-review', headSha: PUSHED, pullRequest: { headSha: PUSHED } });
  });

  it('that were cancelled because somebody pushed are no verdict', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    // They push between the look at the pull request and the look at its checks.
    world.beforeChecks = () => {
      world.pullRequest = { ...world.pullRequest, headSha: PUSHED };
      world.beforeChecks = null;
      return says('failed', check('build', 'failed', 'cancelled'));
    };
    world.forgeChecks = says('passed', check('build', 'passed'));
    await pass();
    expect(await last('qa.failed')).toBeUndefined();
    expect(await task()).toMatchObject({ status: 'in-review', attempt: 1, headSha: PUSHED });
  });

  it('end with a merge by hand of what they ran on: it is recorded, and nobody is asked', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    world.pullRequest = { state: 'merged', mergedSha: MERGED, headSha: HEAD };
    await pass();
    expect(await row()).toMatchObject({ state: 'merged', mergedSha: MERGED });
    expect(await last('pull-request.opened')).toBeUndefined();
  });

  it('end with a merge by hand of something else: a person has to look', async () => {
    world.forgeChecks = says('pending', check('build', 'pending'));
    await pass();
    world.pullRequest = { state: 'merged', mergedSha: MERGED, headSha: PUSHED };
    await pass();
    expect(await row()).toMatchObject({
      state: 'blocked',
      waitingText: 'Somebody merged fffffff by hand; the checks ran on aaaaaaa.',
    });
  });

  it('that never end are waited for six hours; then a person is asked and told of them: I9', async () => {
    world.forgeChecks = says('pending', check('lint', 'passed'), check('build', 'pending'));
    await pass();
    world.nowMs += 5 * HOUR_MS;
    world.forgeChecks = says('pending', check('lint', 'pending'), check('build', 'pending'));
    await pass();
    expect((await task())?.status).toBe('checked');
    world.nowMs += HOUR_MS;
    await pass();
    expect((await task())?.status).toBe('in-review');
    const { lookAt = [] } = (await last('pull-request.opened'))?.body ?? {};
    expect(lookAt[0]).toBe('Not ended after 6 hours, so nobody knows what it says: lint, build.');
  });

  it('send the work back with what they say when one fails, and count as an attempt', async () => {
    world.forgeChecks = says('failed', check('build', 'failed', 'cannot find module\nstack'), check('lint', 'passed'));
    await pass();
    // Without a model the same code would come again, and the next attempt says so.
    expect(await task()).toMatchObject({ status: 'blocked', attempt: 2 });
    expect((await last('task.blocked'))?.body.code).toBe('same-code-again');
    const failed = await last('qa.failed');
    expect(failed?.body.checks).toMatchObject({
      phase: 'forge',
      runs: [
        { name: 'build', exitCode: 1, durationMs: 4_000 },
        { name: 'lint', exitCode: 0 },
      ],
    });
    const kept = await store.unitOfWork.artifacts.get(failed?.artifact ?? '');
    const packet = QaResultPacket.parse(kept === null ? null : contentOf(kept));
    expect(packet).toMatchObject({
      outcome: 'failed',
      findings: [{ check: 'build', text: 'The check build failed on the forge. It says: cannot find module' }],
    });
    const report = await store.unitOfWork.artifacts.get(packet.reportArtifact);
    const { checks } = (report === null ? null : contentOf(report)) as CheckReport;
    expect(checks[0]?.outputTail).toBe('cannot find module\nstack');
    expect(await last('pull-request.opened')).toBeUndefined();
  });

  it('that say hidden things say them cleaned (A23)', async () => {
    world.forgeChecks = says('failed', check('bu\u202eild\n', 'failed', '\u001b[31mred\u001b[0m\u200b <b>words</b>'));
    await pass();
    const failed = await last('qa.failed');
    const kept = await store.unitOfWork.artifacts.get(failed?.artifact ?? '');
    expect(kept?.content).not.toMatch(/\u202e|\u200b|\\u001b/);
  });

  it.each([
    ['none ran', says('none'), ['No check of the forge ran for this change.']],
    ['one was skipped', says('passed', check('a', 'passed'), check('b', 'skipped')), ['The forge skipped b.']],
    ['all passed', says('passed', check('a', 'passed')), []],
    ['the forge runs none', null, []],
  ])('are noted for the review where %s', async (_what, checks, notes) => {
    world.forgeChecks = checks;
    await pass();
    const opened = await last('pull-request.opened');
    expect(opened?.body.lookAt.filter((note) => /forge/.test(note))).toEqual(notes);
  });
});

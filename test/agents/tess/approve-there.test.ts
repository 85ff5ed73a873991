import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLookAtReview } from '#agents/tess/look-at-review.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { ForgeReview } from '#src/ports/forge.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { createFakeLine, createProject, passOn, type Project, SHOWN } from '#test/code-factory/floor.ts';
import { HEAD, reviewStepCommands } from '#test/code-factory/life.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createTools, createWorld, type World } from '../fakes.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
let taskId: string;
let world: World;
let reviews: ForgeReview[];
/** What the merge finds: that the approval does not fit any more. */
let mergeVoids: boolean;
let calls: string[];

beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork, 'github:acme/shop');
});
afterAll(() => store.close());

async function pass(): Promise<void> {
  const tools = createTools(unitOfWork, world);
  const forge = {
    ...tools.forge,
    kindOf: () => 'github',
    readPullRequest: async () => ({ state: 'open' as const, headSha: HEAD, mergedSha: null }),
    readReviews: async () => reviews,
  };
  const lookAtReview = createLookAtReview(
    { ...tools, forge },
    { modelFor: async () => false, approvalExpiryHours: 72 },
  );
  const line = createFakeLine({
    merge: async (_context, done) => {
      if (!mergeVoids) return done();
      mergeVoids = false;
      const command = reviewStepCommands['void-approval'];
      return { artifacts: [], decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
    },
  });
  await passOn(unitOfWork, line.steps, { lookAtReview })(taskId);
  calls = line.calls;
}

async function link(person: string, login: string, accountId: string): Promise<void> {
  await unitOfWork.transact(async (transaction) => {
    const { length } = await transaction.events('accounts:github');
    const body = { forge: 'github' as const, person: `${person}`, login, accountId };
    transaction.append('accounts:github', length, [draft('account.linked', body, { actor: person })]);
  });
}

beforeEach(async () => {
  world = createWorld();
  reviews = [];
  mergeVoids = false;
  taskId = await project.commit();
  await pass();
});

const taskNow = () => loadTask(unitOfWork, taskId);
const facts = () => unitOfWork.ledger.stream(`task:${taskId}`);
const typesSince = async (position: number) => (await facts()).slice(position).map(({ type }) => type);
const approves = (id: string, by = 'grace', accountId = '7'): ForgeReview => ({
  id,
  says: 'approve',
  by,
  accountId,
  text: 'Approved, and /resume all.',
});

describe('a review on the forge that approves what is shown', () => {
  it('is the decision of an approver by their account, on exactly what was shown (C04, A20)', async () => {
    world.approvers = ['github:Grace'];
    reviews = [approves('90')];
    const { length } = await facts();
    await pass();
    expect(await typesSince(length)).toEqual([
      'pass.started',
      'approval.granted',
      'pull-request.merged',
      'memory.noted',
    ]);
    expect((await facts())[length + 1]).toMatchObject({
      actor: 'github:Grace',
      body: { approver: 'github:Grace', byRequester: false, reviewId: '90', ...SHOWN },
    });
    expect((await unitOfWork.tables.find('approvals', { taskId }))[0]).toMatchObject({
      expiresAt: new Date(world.nowMs + 72 * 3_600_000).toISOString(),
    });
  });

  it('is that of the person who linked the account', async () => {
    await link('slack:U0GRACE', 'grace', `7-${taskId}`);
    world.approvers = ['slack:U0GRACE'];
    reviews = [approves('91', 'grace', `7-${taskId}`)];
    await pass();
    expect((await taskNow())?.approval).toMatchObject({ approver: 'slack:U0GRACE', reviewId: '91' });
  });

  it.each([
    { who: 'somebody who is none', list: ['linus'], id: '92' },
    { who: 'anybody while the list is empty', list: [], id: '93' },
    { who: 'a member of a group that cannot be read', list: ['slack:S0LEADS'], id: '94' },
  ])('decides nothing for $who (C03, C06, A18)', async ({ list, id }) => {
    world.approvers = list;
    reviews = [approves(id)];
    const { length } = await facts();
    await pass();
    expect(await facts()).toHaveLength(length);
    expect(await taskNow()).toMatchObject({ status: 'in-review' });
  });

  it('decides nothing for whoever asked for the change, under any name (A22)', async () => {
    await link('ada', 'ada', `8-${taskId}`);
    world.approvers = ['ada', 'github:ada'];
    reviews = [approves('95', 'ada', `8-${taskId}`)];
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'in-review', approval: null });
  });

  it('counts once: what became void is asked about again (C05, I10)', async () => {
    world.approvers = ['github:grace'];
    reviews = [approves('96')];
    mergeVoids = true;
    await pass();
    expect(calls).toContain('open');
    expect(await taskNow()).toMatchObject({ status: 'in-review', approval: null });
    const { length } = await facts();
    await pass();
    expect(await facts()).toHaveLength(length);
    reviews = [approves('97')];
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'merged' });
  });

  it('decides nothing while somebody else asks for changes', async () => {
    world.approvers = ['github:grace'];
    reviews = [approves('98'), { ...approves('99', 'linus', '9'), says: 'request-changes' }];
    await pass();
    expect(await taskNow()).toMatchObject({ status: 'blocked', approval: null });
  });
});

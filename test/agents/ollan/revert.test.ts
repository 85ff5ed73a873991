import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLine } from '#agents/line.ts';
import { reviseChangeSet } from '#src/backlog/revise-change-set.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import { openRevert } from '#src/review/open-revert.ts';
import { approveTask } from '#src/review/review-task.ts';
import type { ReviewDependencies } from '#src/review/review-task.ts';
import { createProject, LANE, passOn } from '#test/code-factory/floor.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createTools, createWorld, type World } from '../fakes.ts';

let store: TestStore;
let world: World;
let workspace: Workspace;
let mergedId: string;
let revertId: string;
let reverted: Parameters<Workspace['revertCommit']>[1][];
let scanned: number;
let pass: (taskId: string) => Promise<unknown>;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const clock = { now: () => new Date((world.nowMs += 1)) };

beforeEach(async () => {
  world = createWorld();
  world.packageJson = () => '{"scripts":{"test":"node --test"}}';
  const tools = createTools(store.unitOfWork, world);
  let pullRequests = 0;
  const own = tools.forge.openPullRequest;
  tools.forge.openPullRequest = async (...asked) => ({ ...(await own(...asked)), number: (pullRequests += 1) });
  workspace = tools.workspace;
  reverted = [];
  scanned = 0;
  const { importBundle, revertCommit } = workspace;
  workspace.revertCommit = async (repo, revert) => {
    reverted.push(revert);
    return revertCommit(repo, revert);
  };
  workspace.importBundle = async (...bundle) => {
    scanned += 1;
    return importBundle(...bundle);
  };
  pass = passOn(store.unitOfWork, createLine(tools), { clock });
  const review: ReviewDependencies = {
    ...{ unitOfWork: store.unitOfWork, clock, ids: { next: () => randomUUID() }, approvalExpiryHours: 72 },
    forge: { closePullRequest: async () => {} },
    rightsFor: async () => ({ approvers: world.approvers, forge: 'local' }),
  };
  const project = await createProject(store.unitOfWork);
  mergedId = await project.commit();
  await pass(mergedId);
  const { headSha, diffHash } = world;
  await approveTask(review, { taskId: mergedId, actor: 'grace', lane: LANE, headSha, diffHash });
  await pass(mergedId);
  world.pullRequest = { state: 'open', mergedSha: null, headSha: null };
  scanned = 0;
  revertId = (await openRevert(review, { taskId: mergedId, actor: 'linus', lane: LANE })).taskId;
});

async function taskNow(id = revertId) {
  const task = await loadTask(store.unitOfWork, id);
  if (task === null) throw new Error('the task is gone');
  return task;
}

async function packets(): Promise<AnyPacket[]> {
  const events = await store.unitOfWork.ledger.stream(`task:${revertId}`);
  const kept = await Promise.all(events.map(({ artifact }) => store.unitOfWork.artifacts.get(artifact ?? '')));
  return kept.flatMap((artifact) => {
    const packet = artifact?.kind === 'packet' ? AnyPacket.safeParse(contentOf(artifact)) : null;
    return packet?.success === true ? [packet.data] : [];
  });
}

const paste = async (code: string) => {
  const none = { key: 'k', requestPosition: -1, acceptance: 'unconfirmed', acceptedBy: null, edits: [], leftOut: [] };
  const edit = { path: 'src/greet.js', kind: 'file', content: code, position: -1, isTest: false } as const;
  const revision = jsonArtifact('change-set', reviseChangeSet(none as never, { edits: [edit], leftOut: [] }, 'ada'));
  await controlTask(
    { unitOfWork: store.unitOfWork, clock },
    {
      taskId: revertId,
      actor: 'ada',
      lane: LANE,
      command: { type: 'retry', revision: revision.hash },
      artifacts: [revision],
    },
  );
};

describe('a task that takes a merged change back', () => {
  it('goes the whole way by git alone, to a card that asks', async () => {
    await pass(revertId);
    expect((await taskNow()).status).toBe('in-review');
    const [plan, lock, build] = (await packets()).slice(2);
    const merged = await taskNow(mergedId);
    const short = merged.mergedSha?.slice(0, 7);
    expect(plan).toMatchObject({
      steps: [{ text: `Take back what task 1 merged as ${short}, and nothing that came later.` }, {}],
      fileTargets: [{ path: 'src/greet.js', action: 'delete', why: 'Task 1 added it.' }],
    });
    expect(lock).toMatchObject({ testsSha: null, notes: [expect.stringContaining('A revert brings no tests')] });
    expect(build).toMatchObject({ summary: 'Git took back what task 1 merged; nobody wrote this.', model: null });
  });

  it('undoes exactly what was merged, in a commit that names the task, the commit and who asked', async () => {
    await pass(revertId);
    const { mergedSha, pullRequest } = await taskNow(mergedId);
    const [revert, ...others] = reverted;
    expect(others).toEqual([]);
    expect(revert).toMatchObject({
      ...{ mergedSha, baseSha: pullRequest?.baseSha, headSha: pullRequest?.headSha, ontoSha: world.baseSha },
      author: { email: 'ollan@factory.invalid' },
      message: `Revert "Greet 1"\n\nThis reverts commit ${mergedSha}, which task 1 merged.\nAsked for by linus.`,
    });
    expect(revert?.at.toISOString()).toBe((await taskNow()).committedAt);
  });

  it('passes the scan that every commit passes, and pushes nothing that it refuses (C23)', async () => {
    workspace.importBundle = () => {
      throw new FactoryError('import-refused', 'The work was not taken in. infra/ is protected.', { fix: 'Look.' });
    };
    const before = world.effects.length;
    await pass(revertId);
    expect(await taskNow()).toMatchObject({ status: 'blocked' });
    expect((await packets()).at(-1)).toMatchObject({ type: 'blocker', code: 'import-refused' });
    expect(world.effects.slice(before).filter((effect) => effect.startsWith('push'))).toEqual([]);
  });

  it('is scanned once where nothing objects', async () => {
    await pass(revertId);
    expect(scanned).toBe(1);
  });

  it('asks a person where later work stands in the way, with what conflicts', async () => {
    workspace.revertCommit = () => {
      throw new FactoryError('revert-conflict', 'Later work changed the same lines in "a.js".', { fix: 'Take over.' });
    };
    await pass(revertId);
    expect((await packets()).at(-1)).toMatchObject({ code: 'revert-conflict', fix: 'Take over.' });
    expect((await taskNow()).branch?.name).toBe('factory/2-revert-greet-1');
  });

  it('keeps the revert below whatever is pasted on top, and writes nothing by itself', async () => {
    // The base is green, and the revert is not.
    let runs = 0;
    Object.defineProperty(world, 'checkExit', { get: () => Math.min(1, runs++), configurable: true });
    await pass(revertId);
    expect((await packets()).at(-1)).toMatchObject({ type: 'blocker', code: 'same-code-again' });
    expect(reverted).toHaveLength(1);
    const built = world.effects.length;
    Object.defineProperty(world, 'checkExit', { value: 0 });
    await paste('export const greet = 2;\n');
    await pass(revertId);
    expect(world.effects.slice(built)).toContain('write repo/src/greet.js');
    expect((await taskNow()).status).toBe('in-review');
    expect((await packets()).findLast(({ type }) => type === 'build-result')).toMatchObject({
      summary: 'Git took back what task 1 merged; nobody wrote this.',
    });
  });
});

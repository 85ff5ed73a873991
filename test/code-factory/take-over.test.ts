import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { checkoutCommands, handBackTask, takeOverTask } from '#src/code-factory/take-over.ts';
import { isEvent } from '#src/ledger/event.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import {
  bareRepository,
  gitIn,
  type TestRepository,
  temporaryFolder,
  workingClone,
  writeFiles,
} from '#test/support/repository.ts';
import { createFakeLine, createProject, LANE, passOn } from './floor.ts';

const BRANCH = 'factory/1-greet';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** A task with its branch in a real repository, blocked at its plan. */
async function blockedTask(repository: TestRepository) {
  const { unitOfWork } = store;
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog });
  const forge = createLocalForge({ mirrorsDir, log: silentLog });
  const project = await createProject(unitOfWork, repository.path);
  const taskId = await project.commit();
  const { steps } = createFakeLine({
    branch: async ({ task }) => {
      const repo = { id: task.repoId, path: repository.path, baseBranch: 'main' };
      const { baseSha } = await workspace.refresh(repo);
      await forge.createBranch(repo, BRANCH, baseSha);
      const command = { type: 'record-branch', branchId: randomUUID(), name: BRANCH, baseSha } as const;
      return { artifacts: [], decide: (now, step, meta) => decideStep(command, now, step, meta) };
    },
    plan: () => Promise.reject(new Error('no plan')),
  });
  await passOn(unitOfWork, steps)(taskId);
  const tools = { unitOfWork, clock: systemClock, workspace, forge };
  const ask = { taskId, actor: 'ada', lane: LANE };
  return {
    takeOver: () => takeOverTask(tools, ask),
    handBack: () => handBackTask(tools, ask),
    now: () => loadTask(unitOfWork, taskId),
    async commands() {
      const events = await unitOfWork.ledger.stream(`task:${taskId}`);
      const taken = events.find((event) => isEvent(event, 'task.taken-over'));
      return checkoutCommands(taken?.body.checkout ?? 'remote', { path: repository.path, branch: BRANCH, number: 1 });
    },
  };
}

const inShell = (folder: string, commands: readonly string[]) =>
  execFileSync('/bin/sh', ['-e', '-c', `${commands.join('\n')}\npwd`], { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    .trim()
    .split('\n')
    .at(-1) ?? '';

function commitIn(folder: string, files: Readonly<Record<string, string>>): string {
  writeFiles(folder, files);
  gitIn(folder, 'add', '-A');
  gitIn(folder, 'commit', '-q', '-m', 'by Ada');
  return gitIn(folder, 'rev-parse', 'HEAD').trim();
}

describe('a branch in a person’s hands', () => {
  it('is checked out by the commands as they stand, and handed back from a working clone', async () => {
    const repository = workingClone();
    const { takeOver, handBack, commands, now } = await blockedTask(repository);
    await takeOver();
    inShell(temporaryFolder(), await commands());
    expect(repository.git('branch', '--show-current').trim()).toBe(BRANCH);

    writeFiles(repository.path, { 'src/add.js': '// half done\n' });
    await expect(handBack()).rejects.toMatchObject({ code: 'work-not-committed' });
    expect((await now())?.status).toBe('taken-over');

    const theirs = commitIn(repository.path, { 'src/add.js': '// done\n' });
    await handBack();
    expect(await now()).toMatchObject({
      status: 'branched',
      headSha: theirs,
      handedBack: { by: 'ada', headSha: theirs },
    });
  });

  it('is cloned from a bare repository, pushed, and handed back', async () => {
    const { takeOver, handBack, commands, now } = await blockedTask(bareRepository());
    await takeOver();
    const clone = inShell(temporaryFolder(), await commands());
    expect(gitIn(clone, 'branch', '--show-current').trim()).toBe(BRANCH);
    const theirs = commitIn(clone, { 'theirs.txt': 'x\n' });
    gitIn(clone, 'push', '-q');
    await handBack();
    expect(await now()).toMatchObject({ handedBack: { headSha: theirs } });
  });

  it('brings nothing new when nobody committed', async () => {
    const { takeOver, handBack, now } = await blockedTask(bareRepository());
    const taken = await takeOver();
    await handBack();
    expect(await now()).toMatchObject({ status: 'branched', headSha: taken.headSha, handedBack: null });
  });

  it('stays there when the branch was deleted, or does not build on its base any more', async () => {
    const repository = workingClone();
    const { takeOver, handBack, commands, now } = await blockedTask(repository);
    await takeOver();
    inShell(temporaryFolder(), await commands());
    repository.git('checkout', '-q', '--orphan', 'elsewhere');
    repository.git('commit', '-q', '-m', 'from nothing');
    repository.git('branch', '-q', '-f', BRANCH);
    await expect(handBack()).rejects.toMatchObject({
      code: 'not-based-on-branch',
      fix: expect.stringContaining('on top'),
    });
    repository.git('branch', '-q', '-D', BRANCH);
    await expect(handBack()).rejects.toMatchObject({ code: 'branch-gone' });
    expect((await now())?.status).toBe('taken-over');
  });
});

describe('the commands', () => {
  it('take a path as it is, whatever is in it (A12)', () => {
    const [command = ''] = checkoutCommands('in-place', { path: "/srv/it's $(id) here", branch: BRANCH, number: 1 });
    const said = execFileSync('/bin/sh', ['-c', command.replace(/^git/, 'printf "%s|"')], { encoding: 'utf8' });
    expect(said).toBe(`-C|/srv/it's $(id) here|switch|${BRANCH}|`);
  });

  it('fetch the branch where it is on another machine', () => {
    expect(checkoutCommands('remote', { path: 'x', branch: BRANCH, number: 1 })).toEqual([
      `git fetch origin ${BRANCH}`,
      `git switch ${BRANCH}`,
    ]);
  });
});

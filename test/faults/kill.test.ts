import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { E2E_TIMEOUT_MS, expectSound, runFile } from '#test/e2e/support/runs.ts';
import { chatgptConversation, nodeProject, twoStories, writeExport } from '#test/e2e/support/talk.ts';
import { createTestWorkbench } from '#test/e2e/support/workbench.ts';
import type { Started, TestWorkbench } from '#test/e2e/support/workbench.ts';
import { workingClone } from '#test/support/repository.ts';
import { expectMergedOnce, expectNothingLeft } from './outcome.ts';
import { kill9, postmasterOf, workbenchBelow } from './processes.ts';
import { createRandom, shuffled } from './random.ts';

const KILLS = 20;
/** `FAULTS_SEED=… npm run test:faults` repeats the order of kills that a failure printed. */
const SEED = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

describe(`kill -9 during run (FAULTS_SEED=${SEED})`, { timeout: 5 * E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let file: string;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
    file = writeExport(workbench.folder, 'talk.json', chatgptConversation('Doubling twice', twoStories));
    // Makes the database, which only the first start of all has to do.
    await workbench.run(['ledger', 'verify']);
  });
  afterAll(() => workbench.remove());

  const start = (repo: string, own = workbench): Started =>
    own.start(['run', file, '--repo', repo, '--approve-as', 'local']);
  const finish = (repo: string, own = workbench) => runFile(own, file, repo);

  it('ends with one merged pull request a task, wherever the twenty kills fall (F01, I3, I4, I5, I9)', async () => {
    const random = createRandom(SEED);
    // One point in each twentieth of a run, in random order; every other kill takes the whole group, git and all.
    const points = shuffled(
      Array.from({ length: KILLS }, (_, index) => ({ at: (index + random()) / KILLS, group: index % 2 === 0 })),
      random,
    );
    // Much of the time passes in waiting for what a killed process held, so two workbenches are killed side by side.
    const half = points.length / 2;
    const other = await createTestWorkbench();
    try {
      const kills = await Promise.all([dieAt(points.slice(0, half), workbench), dieAt(points.slice(half), other)]);
      expect(kills).toEqual([half, half]);
    } finally {
      await other.remove();
    }
  });

  /** Runs on one repository after the other, and kills at each of these points of a run; answers how often. */
  async function dieAt(points: readonly { at: number; group: boolean }[], own: TestWorkbench): Promise<number> {
    let kills = 0;
    // Runs that nothing disturbs say how long one is, so that the kills spread over all of it. The machine may be busy
    // with other things: the shortest counts.
    const undisturbed = workingClone(nodeProject);
    const began = performance.now();
    const whole = await finish(undisturbed.path, own);
    let wholeMs = performance.now() - began;
    expectMergedOnce(own, undisturbed, whole, 2);

    const repositories = [];
    let repository = workingClone(nodeProject);
    let isFresh = true;
    for (const { at, group } of points) {
      for (let killed = false; !killed; ) {
        const startedAt = performance.now();
        const started = start(repository.path, own);
        let ended = false;
        const ending = started.ended.then((ran) => {
          ended = true;
          return ran;
        });
        await Promise.race([ending, sleep(at * wholeMs)]);
        const npm = started.npm.pid ?? 0;
        const node = workbenchBelow(npm);
        if (!ended) killed = kill9(group || node === null ? -npm : node);
        const { exitCode } = await ending;
        if (!killed) {
          // It was done before the point, as a run that goes on from an earlier kill may be: the next one takes it.
          expect(exitCode).toBe(0);
          if (isFresh) wholeMs = Math.min(wholeMs, performance.now() - startedAt);
          repositories.push(repository);
          repository = workingClone(nodeProject);
        }
        isFresh = !killed;
      }
      kills += 1;
    }
    repositories.push(repository);
    for (const each of repositories) {
      const result = await finish(each.path, own);
      expect(result.exitCode).toBe(0);
      expectMergedOnce(own, each, result, 2);
    }
    // What killed processes left goes with the next work of all.
    const last = workingClone(nodeProject);
    expectMergedOnce(own, last, await finish(last.path, own), 2);
    await expectNothingLeft(own);
    await expectSound(own);
    return kills;
  }

  it('does no outside effect twice when it dies right after it, before its record (F02, I3)', async () => {
    const repository = workingClone(nodeProject);
    const git = path.join(repository.path, '.git');
    const first = readFileSync(path.join(git, 'refs/heads/main'), 'utf8');
    const branches = path.join(git, 'refs/heads/factory');
    /** Where the task's branch points, or null while there is none. */
    const branch = (): string | null =>
      (existsSync(branches) ? readdirSync(branches) : [])
        .filter((name) => !name.endsWith('.lock'))
        .map((name) => readFileSync(path.join(branches, name), 'utf8'))[0] ?? null;
    const moments = [
      () => branch() !== null,
      () => ![null, '', first].includes(branch()),
      () => readFileSync(path.join(git, 'refs/heads/main'), 'utf8') !== first,
    ];
    for (const moment of moments) {
      const started = start(repository.path);
      await until(started, moment, 1);
      const node = workbenchBelow(started.npm.pid ?? 0);
      expect(node !== null && kill9(node)).toBe(true);
      await started.ended;
    }
    const result = await finish(repository.path);
    expect(result.exitCode).toBe(0);
    expectMergedOnce(workbench, repository, result, 2);
    await expectSound(workbench);
  });

  it('goes on when npm alone is killed, beside a second start', async () => {
    const repository = workingClone(nodeProject);
    const started = start(repository.path);
    await until(started, () => workbenchBelow(started.npm.pid ?? 0) !== null);
    await sleep(1000);
    expect(kill9(started.npm.pid ?? 0)).toBe(true);
    const second = await finish(repository.path);
    await started.ended;
    expectMergedOnce(workbench, repository, second, 2);
    await expectNothingLeft(workbench);
    await expectSound(workbench);
  });

  it('merges once when the same run is started twice at the same time (F03, I4)', async () => {
    const repository = workingClone(nodeProject);
    const both = await Promise.all([finish(repository.path), finish(repository.path)]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(both[0].tasks).toEqual(both[1].tasks);
    expectMergedOnce(workbench, repository, both[0], 2);
    await expectNothingLeft(workbench);
    await expectSound(workbench);
  });

  it('outlives a kill of the database (F06)', async () => {
    const repository = workingClone(nodeProject);
    const started = start(repository.path);
    await until(started, () => repository.git('branch', '--list', 'factory/*').trim() !== '');
    const postmaster = postmasterOf(workbench.dataDir);
    expect(postmaster !== null && kill9(postmaster)).toBe(true);
    const ran = await started.ended;
    const document = ran.document() as { error?: { code: string } };
    expect(document.error?.code).not.toBe('unexpected');
    expectMergedOnce(workbench, repository, await finish(repository.path), 2);
    await expectNothingLeft(workbench);
    await expectSound(workbench);
  });
});

/** Waits for a moment of a run. Throws when the run ends before it. */
async function until(started: Started, condition: () => boolean, everyMs = 20): Promise<void> {
  const ended = new AbortController();
  const ending = started.ended.then((ran) => {
    ended.abort();
    throw new Error(`it ended first (exit ${ran.exitCode}): ${ran.stdout}${ran.stderr}`);
  });
  const reached = (async () => {
    while (!ended.signal.aborted && !condition()) await sleep(everyMs);
  })();
  await Promise.race([ending, reached]);
  ending.catch(() => {});
}

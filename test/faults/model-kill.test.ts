import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLiveRoom } from '#test/e2e/support/live-room.ts';
import type { LiveRoom } from '#test/e2e/support/live-room.ts';
import { startTeam, WRITE, writeTalk } from '#test/e2e/support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from '#test/e2e/support/runs.ts';
import { nodeProject, oneStory } from '#test/e2e/support/talk.ts';
import { createTestWorkbench } from '#test/e2e/support/workbench.ts';
import type { TestWorkbench } from '#test/e2e/support/workbench.ts';
import { holdRequest } from '#test/support/held-request.ts';
import type { ChatRequest } from '#test/support/model-request-rules.ts';
import { workingClone } from '#test/support/repository.ts';
import { placeOf, turnOf } from '#test/support/scripted-team.ts';
import { expectMergedOnce, expectNothingLeft } from './outcome.ts';
import { kill9, workbenchBelow } from './processes.ts';
import { createRandom } from './random.ts';

const KILLS = 6;
/** Requests of a whole run with the usual team. A kill past the last one finds the run at its checks or done. */
const REQUESTS = 12;
/** From a request's arrival to its answer, to the tools after it, or into the next one. */
const LONGEST_AFTER_MS = 400;
/** `FAULTS_SEED=… npm run test:faults` repeats the kills that a failure printed. */
const SEED = Number(process.env['FAULTS_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

/** Who was asked, and the how manieth answer of that conversation it is. */
const nameOf = ({ body }: { body: ChatRequest }): string => `${placeOf(body)} ${turnOf(body)}`;

describe(`a process that ends while a model works (FAULTS_SEED=${SEED})`, { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
  });
  afterEach(() => workbench.remove());

  it('uses what was recorded after kill -9, and asks only once more what was in flight (F26)', async () => {
    const random = createRandom(SEED);
    const team = await startTeam();
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, 'Doubling');
    const run = () => workbench.start(['run', talk, '--repo', repository.path, ...WRITE], { env: team.env });
    /** What may have been without a record when a process died: the last request of each persona's conversation. */
    const mayRepeat: string[] = [];

    // In ascending order, so that each kill falls into work that the ones before did not get to.
    const points = Array.from({ length: KILLS }, (_, index) => ({
      request: Math.floor(((index + random()) / KILLS) * REQUESTS),
      afterMs: random() * LONGEST_AFTER_MS,
    }));
    for (const { request, afterMs } of points) {
      const started = run();
      let hasEnded = false;
      const ended = started.ended.finally(() => (hasEnded = true));
      while (!hasEnded && new Set(team.requests.map(nameOf)).size <= request) await sleep(5);
      await Promise.race([ended, sleep(afterMs)]);
      const node = workbenchBelow(started.npm.pid ?? 0);
      const wasKilled = !hasEnded && node !== null && kill9(node);
      await ended;
      if (!wasKilled) continue;
      const last = team.requests.findLast(({ body }) => placeOf(body) !== 'refine');
      if (last !== undefined) mayRepeat.push(nameOf(last));
      mayRepeat.push('refine 0');
    }
    const result = await runFile(workbench, talk, repository.path, WRITE, { env: team.env });
    expectMergedOnce(workbench, repository, result, 1);

    const repeats = team.requests.map(nameOf);
    for (const name of new Set(repeats)) repeats.splice(repeats.indexOf(name), 1);
    for (const name of mayRepeat) if (repeats.includes(name)) repeats.splice(repeats.indexOf(name), 1);
    expect(repeats).toEqual([]);
    await team.close();
    // What killed processes left goes with the next work of all, which needs no model.
    const last = workingClone(nodeProject);
    const more = writeTalk(workbench, 'Doubling with code', oneStory);
    expectMergedOnce(workbench, last, await runFile(workbench, more, last.path), 1);
    await expectNothingLeft(workbench);
    await expectSound(workbench);
  });

  it('ends on Ctrl-C though the server holds the answer back, and goes on at the next start', async () => {
    const held = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 1);
    const team = await startTeam({}, { hold: held.hold });
    // Far longer than the test may take: it is the abort that must end the call, not its time limit.
    const env = { ...team.env, MODEL_TIMEOUT_SECONDS: '3600' };
    const repository = workingClone(nodeProject);
    let room: LiveRoom = await openLiveRoom(workbench, env);
    try {
      const taskId = await room.commit(await room.bring(writeTalk(workbench, 'Doubling'), repository.path));
      await held.reached;
      const inFlight = team.requests.at(-1);
      expect((await room.stop()).exitCode).toBe(0);
      expect(inFlight?.isAborted).toBe(true);
      expect(await room.task(taskId)).toMatchObject({ state: 'locked', waitingKind: null });
      await room.close();

      room = await openLiveRoom(workbench, env);
      await room.until(taskId, ({ state }) => state === 'in-review');
      const builds = team.requests.map(nameOf).filter((name) => name.startsWith('build'));
      expect(builds).toEqual(['build 0', 'build 1', 'build 1', 'build 2']);
    } finally {
      await room.close();
    }
  });
});

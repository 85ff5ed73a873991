import { createHash } from 'node:crypto';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { openBackend, type QueueBackend } from '#infra/queue/backend.ts';
import { createQueue } from '#infra/queue/bullmq-queue.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { startRelay } from '#src/code-factory/relay.ts';
import { runPass } from '#src/code-factory/run-pass.ts';
import type { Step, Steps } from '#src/code-factory/step.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { draft, openTestStore } from '#test/persistence/support.ts';
import type { Measure } from './table.ts';
import { median, show, timeMs } from './table.ts';

const TASKS = 100;
const WARM_UP = 20;
const STEPS = 5;
const ids = createUuidV7();

/** Agents that answer at once. The fifth step blocks, which ends the pass. */
function instantSteps(): Steps {
  const packet = jsonArtifact('packet', { type: 'instant' });
  const report =
    (decide: Awaited<ReturnType<Step>>['decide']): Step =>
    async () => ({ artifacts: [packet], decide });
  const unused: Step = () => Promise.reject(new Error('this step is not part of the measure'));
  const sha = createHash('sha1').update('base').digest('hex');
  return {
    claim: report((task, step, meta) => decideStep({ type: 'claim', runId: ids.next() }, task, step, meta)),
    branch: report((task, step, meta) =>
      decideStep({ type: 'record-branch', branchId: ids.next(), name: 'factory/1-x', baseSha: sha }, task, step, meta),
    ),
    assign: report((task, step, meta) =>
      decideStep({ type: 'record-assignment', artifact: packet.hash }, task, step, meta),
    ),
    scope: report((task, step, meta) => decideStep({ type: 'record-scope', artifact: packet.hash }, task, step, meta)),
    plan: report((task, step, meta) =>
      decideStep({ type: 'block', code: 'end', artifact: packet.hash, waitsFor: 'nobody' }, task, step, meta),
    ),
    lock: unused,
    build: unused,
    check: unused,
    open: unused,
    merge: unused,
  };
}

async function commitTask(unitOfWork: UnitOfWork, number: number): Promise<string> {
  const taskId = ids.next();
  const projectId = taskId;
  await unitOfWork.transact(async (transaction) => {
    const story = { storyId: taskId, epicId: taskId, key: taskId, isNew: true, isBack: false, draftArtifact: 'none' };
    const epic = { epicId: taskId, key: taskId, isNew: true };
    transaction.append(`stories:${taskId}`, 0, [
      draft('stories.written', {
        projectId,
        conversationId: 'c',
        epics: [epic],
        stories: [story],
        others: [],
        removed: [],
      }),
    ]);
    const body = {
      taskId,
      projectId,
      conversationId: 'c',
      storyId: taskId,
      sprintId: 's',
      featureId: taskId,
      repoId: 'r',
      number,
      points: 1,
      dependsOn: [],
      requester: 'local',
    };
    transaction.append(`task:${taskId}`, 0, [draft('story.committed', body, { taskId })]);
  });
  return taskId;
}

/** From the commit that asks for the work to the end of the fifth step, one task after the other. */
async function measureOurs(backend: QueueBackend, unitOfWork: UnitOfWork): Promise<number[]> {
  const lane = `bench-${ids.next()}`;
  const queue = await createQueue({ lane, backend, log: silentLog });
  const steps = instantSteps();
  const ended = new Map<string, () => void>();
  const shutdown = new AbortController();
  const worker = await queue.work(
    async ({ taskId }) => {
      const outcome = await runPass(taskId, {
        unitOfWork,
        steps,
        clock: systemClock,
        log: silentLog,
        lane,
        shutdown: shutdown.signal,
      });
      ended.get(taskId)?.();
      return outcome;
    },
    { concurrency: 1 },
  );
  const relay = startRelay({ outbox: unitOfWork.outbox, queue, lane, log: silentLog });
  const times: number[] = [];
  for (let number = 1; number <= TASKS + WARM_UP; number += 1) {
    const taskId = await commitTask(unitOfWork, number);
    const done = new Promise<void>((resolve) => ended.set(taskId, resolve));
    const time = await timeMs(async () => {
      await unitOfWork.transact(async (transaction) => transaction.wake(lane, taskId));
      relay.nudge();
      await done;
    });
    if (number > WARM_UP) times.push(time);
  }
  await relay.stop();
  await worker.stop();
  await queue.clear();
  await queue.close();
  return times;
}

/** The peer: five jobs that do nothing, each queued by the one before, on the same BullMQ and the same store. */
async function measureBare(backend: QueueBackend): Promise<number[]> {
  const open = await openBackend(backend, silentLog);
  const name = `bare-${ids.next()}`;
  const queue = open.createQueue(name, {});
  await queue.waitUntilReady();
  let left = 0;
  let done = (): void => {};
  const worker = open.createWorker(
    name,
    async () => {
      left -= 1;
      if (left > 0) await queue.add('step', { taskId: 'bare' }, {});
      else done();
    },
    { concurrency: 1 },
  );
  await worker.waitUntilReady();
  const times: number[] = [];
  for (let run = 1; run <= TASKS + WARM_UP; run += 1) {
    left = STEPS;
    const ended = new Promise<void>((resolve) => {
      done = resolve;
    });
    const time = await timeMs(async () => {
      await queue.add('step', { taskId: 'bare' }, {});
      await ended;
    });
    if (run > WARM_UP) times.push(time);
  }
  await worker.close();
  await queue.close();
  await open.close();
  return times;
}

async function redisAnswers(url: string): Promise<boolean> {
  try {
    await (await openBackend({ kind: 'redis', url }, silentLog)).close();
    return true;
  } catch {
    return false;
  }
}

const REDIS_URL = process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379/9';

/** What the line adds to a task: ledger, projections, fence and lock, against the queue alone. */
export const orchestrationMeasure: Measure = {
  name: 'orchestration',
  async run() {
    const store = await openTestStore();
    const backends: [string, QueueBackend][] = [
      ['PostgreSQL', { kind: 'postgres', connection: store.database.connection }],
    ];
    const withRedis = await redisAnswers(REDIS_URL);
    if (withRedis) backends.push(['Redis', { kind: 'redis', url: REDIS_URL }]);
    const rows: string[][] = [];
    for (const [name, backend] of backends) {
      const bare = median(await measureBare(backend));
      const ours = median(await measureOurs(backend, store.unitOfWork));
      rows.push([name, show(ours), show(bare), show(ours / bare, 2)]);
    }
    await store.close();
    return [
      {
        title: `A task of ${STEPS} steps with instant agents, against ${STEPS} no-op jobs on bare BullMQ`,
        columns: ['queue', 'ours ms', 'bare ms', 'ratio (aim: at most 3)'],
        rows,
        ...(withRedis ? {} : { note: 'No Redis answered, so only PostgreSQL was measured.' }),
      },
    ];
  },
};

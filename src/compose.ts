import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createLine } from '#agents/line.ts';
import { rightsNow } from '#agents/tools/repository.ts';
import { diagnose } from '#infra/doctor/diagnose.ts';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { createPinoLog } from '#infra/log/pino-log.ts';
import { openDatabase } from '#infra/postgres/connection.ts';
import { createQueue } from '#infra/queue/bullmq-queue.ts';
import { chooseDataHome } from '#infra/reachable/data-home.ts';
import { unprivilegedIds } from '#infra/reachable/unprivileged.ts';
import { createSample } from '#infra/sample/sample.ts';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { migrate } from '#persistence/migrate.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { createOrm } from '#persistence/orm.ts';
import { createPostStore } from '#persistence/post-store.ts';
import { replay } from '#persistence/replay.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { holdWorkerLease, isWorkedOn } from '#persistence/worker-lease.ts';
import { startRelay } from './code-factory/relay.ts';
import { runPass } from './code-factory/run-pass.ts';
import { startWaker } from './code-factory/wake-waiting.ts';
import { endedStatuses, nextStep, taskStatuses } from './code-factory/task-status.ts';
import type { Task } from './code-factory/task.ts';
import type { Config, HostEnvironment } from './config.ts';
import { createDesk, finishInbox } from './desk/create-desk.ts';
import type { Desk } from './desk/desk.ts';
import type { DeskTools } from './desk/desk-tools.ts';
import { startMirror } from './desk/mirror.ts';

import type { Post } from './ports/chat.ts';
import { systemClock } from './ports/clock.ts';
import type { UnitOfWork } from './ports/unit-of-work.ts';
import type { ReviewDependencies } from './review/review-task.ts';

/** The lane that every worker of this data shares. */
export const FACTORY_LANE = 'factory';
/** Tasks that one process works on at once; checks take a core each. */
const CONCURRENCY = 2;

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

/** What the command line knows of the machine. */
export type Host = Pick<HostEnvironment, 'npmProgram' | 'registryHost' | 'path'>;

/** Puts the house together. Nothing works on tasks until `startWorker`. Close it whatever happens. */
export async function openWorkbench(config: Config, host: Host) {
  const log = createPinoLog({ level: config.logLevel, destination: 'stderr' });
  const clock = systemClock;
  const ids = createUuidV7(clock);
  const home = await chooseDataHome({ dataDir: config.dataDir, ids: unprivilegedIds() });
  const inHome = (name: string) => path.join(home.path, name);
  const tempDir = inHome('tmp');
  await mkdir(tempDir, { recursive: true });

  const database = await openDatabase({
    dataDir: inHome('postgres'),
    log,
    ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
  });
  const closers: (() => Promise<void>)[] = [() => database.release()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };

  try {
    await migrate(database.connection);
    const orm = await createOrm(database.connection);
    closers.push(() => orm.close(true));
    const store = createUnitOfWork({ orm, connection: database.connection, log });
    closers.push(() => store.close());
    const committed = listeners<void>();
    const unitOfWork: UnitOfWork = {
      ...store,
      async transact(work) {
        const value = await store.transact(work);
        committed.tell();
        return value;
      },
    };
    const storedLedger = createLedgerReader(() => orm.em.fork());
    const posts = createPostStore({ orm, clock, ids });
    const mirrorsDir = inHome('mirrors');
    const workspace = createWorkspace({ mirrorsDir, log });
    const forge = createLocalForge({ mirrorsDir, log });
    const sandboxOptions = {
      workspacesDir: inHome('workspaces'),
      node: {
        binary: process.execPath,
        npmDir: host.npmProgram === null ? null : path.dirname(path.dirname(host.npmProgram)),
      },
      log,
    };
    const sandbox =
      config.sandbox === 'none'
        ? createUnsandboxed({ ...sandboxOptions, ...(host.path === null ? {} : { path: host.path }) })
        : createBubblewrapSandbox(sandboxOptions);
    const tools = {
      unitOfWork,
      workspace,
      forge,
      sandbox,
      clock,
      ids,
      settings: {
        approvers: config.approvers,
        tempDir,
        registryHosts: host.registryHost === null ? null : [host.registryHost],
      },
    };
    const steps = createLine(tools);
    const review: ReviewDependencies = {
      unitOfWork,
      clock,
      ids,
      forge,
      approvalExpiryHours: config.approvalExpiryHours,
      rightsFor: async (task: Task) => {
        const row = await unitOfWork.tables.get('git_repos', task.repoId);
        if (row === null) return { approvers: [], forge: forge.kind };
        const repo = { id: row.id, path: row.path, baseBranch: row.baseBranch };
        return rightsNow(tools, repo, (await workspace.refresh(repo)).baseSha);
      },
    };
    const changed = listeners<readonly Post[]>();
    const deskTools = (lane: string): DeskTools => ({
      unitOfWork,
      posts,
      workspace,
      clock,
      ids,
      log,
      review,
      lane,
      verifyLedger: () => verifyLedger(storedLedger),
      doctor: () => diagnose({ config, database, sandbox }),
      sample: createSample({ folder: inHome('samples'), clock }),
      onPosts: changed.listen,
    });

    return {
      config,
      notes: [...(home.moved ? [home.why] : []), ...database.notes],
      homePath: home.path,
      database,
      unitOfWork,
      workspace,
      forge,
      sandbox,
      clock,
      ids,
      log,
      review,
      deskTools,
      createDesk: (): Desk => createDesk(deskTools(FACTORY_LANE)),
      verifyLedger: () => verifyLedger(storedLedger),
      replay: (options: { run: string | null; verify: boolean }) => replay(orm, options),
      isWorkedOn: () => isWorkedOn(database.connection),
      close,

      /** Works on the tasks of a lane until `stop`. Unfinished tasks among `resume` are woken first: the queue may have lost them. */
      async startWorker(lane: string, resume: { taskIds: readonly string[] | 'all' }) {
        const shutdown = new AbortController();
        const lease = lane === FACTORY_LANE ? await holdWorkerLease(database.connection) : null;
        const queue = await createQueue({
          lane,
          backend:
            config.redisUrl === null
              ? { kind: 'postgres', connection: database.connection }
              : { kind: 'redis', url: config.redisUrl },
          log,
        });
        const worker = await queue.work(
          (wake) => runPass(wake.taskId, { unitOfWork, steps, clock, log, lane, shutdown: shutdown.signal }),
          { concurrency: CONCURRENCY },
        );
        await wakeUnfinished(unitOfWork, lane, resume.taskIds);
        const relay = startRelay({ outbox: unitOfWork.outbox, queue, lane, log });
        const waker = startWaker({ unitOfWork, clock, lane, log });
        const unlisten = committed.listen(() => relay.nudge());
        return {
          warnings: queue.warnings,
          /** `forget`: the lane is done with, and so are its jobs. */
          async stop({ forget }: { forget: boolean }) {
            shutdown.abort();
            unlisten();
            await waker.stop();
            await relay.stop();
            await worker.stop();
            if (forget) await queue.clear();
            await queue.close();
            await lease?.release();
          },
        };
      },

      /** Keeps chat in step with the ledger, and answers what was accepted before the process died. */
      async startChat() {
        const mirror = startMirror({ views: { ...unitOfWork, clock }, posts, log, onPosts: changed.tell });
        const unlisten = committed.listen(() => mirror.nudge());
        await finishInbox(deskTools(FACTORY_LANE));
        return {
          catchUp: () => mirror.catchUp(),
          async stop() {
            unlisten();
            await mirror.stop();
          },
        };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every task that has a step to do gets a wake, whatever became of the ones before. */
async function wakeUnfinished(unitOfWork: UnitOfWork, lane: string, taskIds: readonly string[] | 'all'): Promise<void> {
  const open = taskStatuses.filter((status) => !endedStatuses.includes(status) && nextStep[status] !== null);
  const tasks = await unitOfWork.tables.find('story_tasks', {
    state: open,
    ...(taskIds === 'all' ? {} : { id: taskIds }),
  });
  if (tasks.length === 0) return;
  await unitOfWork.transact(async (transaction) => {
    for (const task of tasks) transaction.wake(lane, task.id);
  });
}

function listeners<Value>() {
  const heard = new Set<(value: Value) => void>();
  return {
    listen: (listener: (value: Value) => void) => {
      heard.add(listener);
      return () => void heard.delete(listener);
    },
    tell: (value: Value) => {
      for (const listener of heard) listener(value);
    },
  };
}

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createLine } from '#agents/line.ts';
import { createConversationReader } from '#agents/piper/read-conversation.ts';
import { createLookAtReview } from '#agents/tess/look-at-review.ts';
import { createModelFor } from '#agents/thinking/model-for.ts';
import { rightsNow } from '#agents/tools/repository.ts';
import { diagnose } from '#infra/doctor/diagnose.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { createPinoLog } from '#infra/log/pino-log.ts';
import { openDatabase } from '#infra/postgres/connection.ts';
import { createOsv } from '#infra/osv/osv.ts';
import { rememberScans } from '#infra/osv/remember-scans.ts';
import { createQueue } from '#infra/queue/bullmq-queue.ts';
import { chooseDataHome } from '#infra/reachable/data-home.ts';
import { unprivilegedIds } from '#infra/reachable/unprivileged.ts';
import { createSample } from '#infra/sample/sample.ts';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import { createAccountTokens } from '#persistence/account-tokens.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { migrate } from '#persistence/migrate.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { createOrm } from '#persistence/orm.ts';
import { createPeopleStore } from '#persistence/people-store.ts';
import { createPostStore } from '#persistence/post-store.ts';
import { createReminders } from '#persistence/reminders.ts';
import { replay } from '#persistence/replay.ts';
import { createSurfacePosts } from '#persistence/surface-posts.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { holdWorkerLease, isWorkedOn } from '#persistence/worker-lease.ts';
import { createThinking } from './code-factory/create-thinking.ts';
import { untilGoing } from './code-factory/halt-watch.ts';
import { noticeStops } from './code-factory/notice-stops.ts';
import { startRelay } from './code-factory/relay.ts';
import { runPass } from './code-factory/run-pass.ts';
import { startWaker } from './code-factory/wake-waiting.ts';
import { wakeUnfinished } from './code-factory/wake-unfinished.ts';
import type { Task } from './code-factory/task.ts';
import { openAccounts } from './compose/accounts.ts';
import { openAnchors } from './compose/anchors.ts';
import { openGitHub } from './compose/github.ts';
import { checkGitHubSetup } from './compose/github-checks.ts';
import { openGitHubAccess } from './compose/github-access.ts';
import { checkQueueFiles, openQueueFile } from './compose/queue-file.ts';
import { checkOwnProject, openOwnProject } from './compose/own-project.ts';
import { openRepositories } from './compose/repositories.ts';
import { openSignals } from './compose/signals.ts';
import { checkSlackSetup, groupsOfSlack, namesOfSlack, openSlack } from './compose/slack.ts';
import { openWhatIf } from './compose/what-if.ts';
import type { Config } from './config.ts';
import type { ModelSettings } from './model-settings.ts';
import { createDesk, finishInbox } from './desk/create-desk.ts';
import type { SurfaceDesk } from './desk/desk.ts';
import type { DeskTools } from './desk/desk-tools.ts';
import { haltChecks, viewHalt } from './desk/halt.ts';
import { startMirror } from './desk/mirror.ts';
import { keepWritingUp } from './desk/incidents.ts';
import { nameIn } from './desk/name-people.ts';
import { startRefiner } from './desk/refiner.ts';
import { startReminders } from './desk/reminders.ts';
import type { HostEnvironment } from './host-environment.ts';
import type { LedgerAnchor } from './ledger/anchor.ts';
import type { Post } from './ports/chat.ts';
import { systemClock } from './ports/clock.ts';
import { noLinkedAccounts } from './ports/linked-accounts.ts';
import type { Log } from './ports/log.ts';
import type { ModelOffice } from './ports/model.ts';
import type { UnitOfWork } from './ports/unit-of-work.ts';
import { startRetrospectives } from './reflection/digest/start.ts';
import { readApprovers } from './review/read-approvers.ts';
import type { ReviewDependencies } from './review/review-task.ts';
import { secretsInSettings } from './safety/secrets-in-settings.ts';

/** The lane that every worker of this data shares. */
export const FACTORY_LANE = 'factory';
/** Tasks that one process works on at once; checks take a core each. */
const CONCURRENCY = 2;

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>;

/** What the command line knows of the machine. */
export type Host = Pick<HostEnvironment, 'npmProgram' | 'registryHost' | 'path'>;

/** Puts the house together. Nothing works on tasks until `startWorker`. Close it whatever happens. */
export async function openWorkbench(config: Config, host: Host) {
  const secrets = secretsInSettings(config);
  const log = createPinoLog({ level: config.logLevel, destination: 'stderr', secrets });
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
    const { unitOfWork, onStop } = noticeStops<UnitOfWork>({
      ...store,
      async transact(work) {
        const value = await store.transact(work);
        committed.tell();
        return value;
      },
    });
    const office = config.model === null ? null : await openModelOffice(config.model, log);
    const thinking =
      config.model === null || office === null
        ? null
        : createThinking({ unitOfWork, clock, office, budgets: config.model.budgets, secrets });
    const storedLedger = createLedgerReader(() => orm.em.fork());
    const anchors = openAnchors(home.path, database, { ledger: storedLedger, clock, log });
    const verify = async (given: readonly LedgerAnchor[] = []) =>
      verifyLedger(storedLedger, [...(await anchors.read()), ...given]);
    const posts = createPostStore({ orm, clock, ids });
    const surfacePosts = createSurfacePosts({ orm, clock });
    const people = namesOfSlack(config.slack, createPeopleStore({ orm }), clock);
    const reminders = createReminders({ orm });
    const groups = groupsOfSlack(config.slack, people);
    const mirrorsDir = inHome('mirrors');
    const keyFile = inHome('accounts.key');
    const tokens = createAccountTokens({ orm });
    const accounts = await openAccounts(config, { unitOfWork, tokens, keyFile, clock, log });
    if (accounts !== null) closers.push(() => accounts.stop());
    const gitHub = await openGitHubAccess(config.github, { ledger: unitOfWork.ledger, clock, log });
    closers.push(async () => gitHub?.stop());
    const { workspace, forge } = await openRepositories(gitHub, { mirrorsDir, clock, log, accounts });
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
      groups,
      clock,
      ids,
      log,
      thinking,
      vulnerabilities: config.osvUrl === null ? null : rememberScans(createOsv({ baseUrl: config.osvUrl, log }), clock),
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
        if (row === null) return { approvers: [], forge: 'none' };
        const repo = { id: row.id, path: row.path, baseBranch: row.baseBranch };
        return rightsNow(tools, repo, (await workspace.refresh(repo)).baseSha);
      },
    };
    const approvers = () => readApprovers(groups, config.approvers, null);
    const modelFor = createModelFor({ unitOfWork, workspace, clock, isSetUp: office !== null });
    const ownProject = openOwnProject(config.factoryProject, { unitOfWork, clock, ids, log });
    const lookAtReview = createLookAtReview(tools, { modelFor, approvalExpiryHours: config.approvalExpiryHours });
    const read = thinking === null ? null : createConversationReader({ thinking, clock });
    const changed = listeners<readonly Post[]>();
    const deskTools = (lane: string): DeskTools => ({
      unitOfWork,
      posts,
      surfacePosts,
      people,
      reminders,
      workingHours: config.workingHours,
      workspace,
      clock,
      ids,
      log,
      review,
      groups,
      accounts: accounts ?? noLinkedAccounts,
      approvers,
      forge,
      modelFor,
      lane,
      verifyLedger: () => verify(),
      takeBackCredentials: async () => (gitHub === null ? null : gitHub.takeBack()),
      doctor: async () => [
        ...haltChecks(await nameIn(await viewHalt(unitOfWork), people)),
        ...(await diagnose({ config, database, sandbox, groups }, office)),
        ...(await checkSlackSetup(config.slack, unitOfWork)),
        ...(await checkGitHubSetup(gitHub, unitOfWork, clock)),
        ...(await checkQueueFiles(unitOfWork)),
        ...(await checkOwnProject(config.factoryProject, unitOfWork)),
      ],
      sample: createSample({ folder: inHome('samples'), clock }),
      onPosts: changed.listen,
    });

    return {
      config,
      notes: [...(home.moved ? [home.why] : []), ...database.notes, ...config.notes],
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
      modelFor,
      deskTools,
      createDesk: (): SurfaceDesk => createDesk(deskTools(FACTORY_LANE)),
      verifyLedger: verify,
      replay: (options: { run: string | null; verify: boolean }) => replay(orm, options),
      whatIf: openWhatIf({ unitOfWork, clock, office, settings: config.model, modelFor, secrets }),
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
          async (wake) => {
            await untilGoing(unitOfWork.ledger, shutdown.signal);
            const shared = { unitOfWork, clock, log, lane, shutdown: shutdown.signal, onStop };
            return runPass(wake.taskId, { ...shared, ...ownProject, steps, lookAtReview });
          },
          { concurrency: CONCURRENCY },
        );
        await wakeUnfinished(unitOfWork, lane, resume.taskIds);
        const relay = startRelay({ outbox: unitOfWork.outbox, queue, lane, log });
        const waker = startWaker({ unitOfWork, clock, lane, log });
        const refiner = read === null ? null : startRefiner({ unitOfWork, clock, ids, log, modelFor, read });
        const noting = anchors.start();
        const lookingBack =
          lane === FACTORY_LANE && config.retrospectives !== null
            ? startRetrospectives({ unitOfWork, clock, ids, log }, config.retrospectives)
            : null;
        const unlisten = committed.listen(() => relay.nudge());
        return {
          warnings: queue.warnings,
          /** `forget`: the lane is done with, and so are its jobs. */
          async stop({ forget }: { forget: boolean }) {
            shutdown.abort();
            unlisten();
            await refiner?.stop();
            await waker.stop();
            await relay.stop();
            await worker.stop();
            await noting.stop();
            await lookingBack?.stop();
            if (forget) await queue.clear();
            await queue.close();
            await lease?.release();
          },
        };
      },

      /** Opens the factory in the places outside that are set up. `onTrouble` is told, in a sentence, which one does not let it in. */
      async startSurfaces(onTrouble: (sentence: string) => void) {
        const tools = deskTools(FACTORY_LANE);
        const deps = { desk: createDesk(tools), surfacePosts, people, unitOfWork, onPosts: changed.listen, clock, log };
        const opened = [
          await openSlack(config, { ...deps, posts }, onTrouble),
          await openGitHub(gitHub, { ...deps, ids, lane: FACTORY_LANE }, onTrouble),
          openQueueFile({ ...deps, posts, tellPosts: changed.tell }),
          await openSignals(config.signals, { unitOfWork, clock, ids, log }, onTrouble),
          keepWritingUp(tools),
        ];
        const reminding = startReminders(tools, changed.tell);
        const unlisten = changed.listen((drawn) => {
          if (drawn.some(({ card, mentions }) => card.outcome !== null && mentions.length > 0)) reminding.nudge();
        });
        return {
          async stop() {
            unlisten();
            await reminding.stop();
            for (const surface of opened) await surface.stop();
          },
        };
      },

      /** Keeps chat in step with the ledger, and answers what was accepted before the process died. */
      async startChat() {
        const mirror = startMirror({
          views: { ...unitOfWork, clock, modelFor, approvers },
          posts,
          people,
          log,
          secrets,
          onPosts: changed.tell,
        });
        const unlisten = committed.listen(() => mirror.nudge());
        await finishInbox(deskTools(FACTORY_LANE));
        return {
          settle: () => mirror.settle(),
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

/** Loaded only where a model is set: the client takes 32 MB and more than a tenth of a second. */
async function openModelOffice(settings: ModelSettings, log: Log): Promise<ModelOffice> {
  const { createModelOffice } = await import('#infra/model/model-office.ts');
  return createModelOffice(settings, log);
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

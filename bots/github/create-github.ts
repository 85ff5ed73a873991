import { startInboxWorker } from '#bots/receiving/inbox-worker.ts';
import type { Listening } from '#bots/receiving/listen-locally.ts';
import { untilGoing } from '#src/code-factory/halt-watch.ts';
import type { SurfaceDesk } from '#src/desk/desk.ts';
import type { Post } from '#src/ports/chat.ts';
import type { BranchChecks } from '#src/ports/branch-checks.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { Issues } from '#src/ports/issues.ts';
import type { Log } from '#src/ports/log.ts';
import type { People, SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { startAsking } from './asking/ask-on-issues.ts';
import { lookAtBase } from './base-checks/look-at-base.ts';
import { threadOf } from './github-tools.ts';
import type { GitHubTools } from './github-tools.ts';
import { takeIssue } from './intake/take-issue.ts';
import { wakeTasks } from './intake/wake-tasks.ts';
import { createMayWrite } from './intake/who-may-write.ts';
import { startPolling } from './polling/poll-issues.ts';
import { listenForWebhooks } from './receiving/listen.ts';
import { receiptOf, Told } from './receiving/told.ts';

export interface GitHubIntakeSettings {
  /** null: GitHub is only asked, every `pollEveryMs`. Port 0: any that is free. */
  webhook: { port: number; secret: string } | null;
  /** Issues that carry it are conversations: `factory`. */
  label: string;
  /** Of GitHub's pages, as places name it: `github.com`. */
  host: string;
  pollEveryMs: number;
}

export interface GitHubDependencies {
  settings: GitHubIntakeSettings;
  desk: SurfaceDesk;
  issues: Issues;
  branchChecks: BranchChecks;
  surfacePosts: SurfacePosts;
  people: People;
  unitOfWork: Pick<UnitOfWork, 'inbox' | 'withLock' | 'tables' | 'conversations' | 'transact' | 'ledger'>;
  /** Of the workers that tasks are woken for. */
  lane: string;
  onPosts: (listener: (posts: readonly Post[]) => void) => () => void;
  /** Told, in a sentence, what keeps a repository from being looked at. */
  onTrouble: (sentence: string) => void;
  clock: Clock;
  ids: Ids;
  log: Log;
}

export interface GitHub {
  /** Where webhooks are listened for; null: nowhere. */
  port: number | null;
  /** Asks GitHub now for what webhooks lost. */
  look(): Promise<void>;
  /** Waits until what came in so far was worked on, and what is due was asked. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Takes labelled issues of the bound repositories in as conversations, and has tasks look when something happened to their
 * branches. FactoryError `github-port-refused`. What webhooks lost, and what an earlier process left, is caught up with.
 */
export async function startGitHub(deps: GitHubDependencies): Promise<GitHub> {
  const { settings, issues, unitOfWork, lane, clock, log } = deps;
  const { label, host } = settings;
  const { desk, people } = deps;
  const tools: GitHubTools = { desk, issues, people, unitOfWork, lane, label, host, clock, log };
  const mayWrite = createMayWrite({ issues, clock });
  const bases = { branchChecks: deps.branchChecks, unitOfWork, clock, ids: deps.ids };
  const stopping = new AbortController();
  const worker = startInboxWorker({
    surface: 'github',
    receiptOf,
    inbox: unitOfWork.inbox,
    clock,
    log,
    handle: async (body) => {
      // During a halt GitHub is not asked. What came in is kept, and worked on afterwards.
      await untilGoing(unitOfWork.ledger, stopping.signal);
      const told = Told.parse(body);
      if (!('branches' in told)) return takeIssue(tools, mayWrite, told);
      await wakeTasks(tools, told);
      if (told.isBase === true) await lookAtBase(bases, told.repository);
    },
  });
  const accept = (told: Told): Promise<void> => worker.accept(told);
  let webhooks: Listening | null = null;
  try {
    webhooks = settings.webhook === null ? null : await listenForWebhooks({ ...settings.webhook, accept, log });
  } catch (error) {
    // It is tried again: two workers on one inbox would work twice.
    stopping.abort();
    await worker.stop();
    throw error;
  }
  const polling = startPolling({
    issues,
    tables: unitOfWork.tables,
    isKnown: async (ref) => (await deps.desk.threadAt(threadOf(tools, ref))) !== null,
    accept,
    lookAtBase: (repository) => lookAtBase(bases, repository),
    label,
    everyMs: settings.pollEveryMs,
    onTrouble: deps.onTrouble,
    clock,
    log,
  });
  const asking = startAsking({ issues, surfacePosts: deps.surfacePosts, unitOfWork, label, log });
  const unlisten = deps.onPosts(() => asking.nudge());
  return {
    port: webhooks?.port ?? null,
    look: () => polling.settle(),
    async settle() {
      await worker.settle();
      await asking.settle();
    },
    async stop() {
      stopping.abort();
      unlisten();
      await webhooks?.stop();
      await polling.stop();
      await worker.stop();
      await asking.stop();
    },
  };
}

import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { startGitHub as connect } from '#bots/github/create-github.ts';
import type { GitHub } from '#bots/github/create-github.ts';
import { WEBHOOK_PATH } from '#bots/github/receiving/listen.ts';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { whileGoing } from '#infra/forge/github/while-going.ts';
import { requireGoing } from '#src/code-factory/halt-watch.ts';
import { createGitHubBranchChecks } from '#infra/forge/github/branch-checks.ts';
import { createGitHubIssues } from '#infra/forge/github/issues.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { PlaceThread } from '#src/ledger/place.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { draft } from '#test/persistence/support.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import type { StandInGitHub } from '#test/support/github/start-github.ts';
import type { Webhook } from '#test/support/github/delivery/deliveries.ts';

export type Hub = StandInGitHub<'ana' | 'ben' | 'eve', 'workbench'>;

export interface InGitHub {
  front: Front;
  hub: Hub;
  hook: Webhook;
  projectId: string;
  /** The factory as it runs now; `restart` puts another in its place. */
  factory(): GitHub;
  restart(): Promise<void>;
  /** Until GitHub has delivered and the factory has worked on it. */
  quiet(): Promise<void>;
  thread(number: number): PlaceThread;
  /** What was kept of an issue; null: it is no conversation. */
  conversation(number: number): Promise<Conversation | null>;
  /** Speaker and text of it. */
  kept(number: number): Promise<[string, string][] | null>;
  /** What the people who run the factory were told. */
  troubles: readonly string[];
  /** Lines of the log, without its debug. */
  logged: { level: string; message: string; fields: Record<string, unknown> }[];
  /** Comments of the factory's account on an issue. */
  asked(number: number): string[];
}

const HOUR_MS = 60 * 60_000;
/** What the webhook of a repository is set to send. */
const HEARD = [
  'issues',
  'issue_comment',
  'check_run',
  'check_suite',
  'status',
  'pull_request',
  'pull_request_review',
  'push',
];
export const GITHUB_TIMEOUT_MS = 120_000;

/**
 * A project that works on the public repository `acme/shop` of a stand-in GitHub, which sends its webhooks. Ana and Ben
 * may write there, Eve may not. All go away with the test.
 */
export async function inGitHub({ hasWebhooks = true, pat = false } = {}): Promise<InGitHub> {
  const front = await openFront();
  onTestFinished(() => front.close());
  const hub: Hub = await startGitHub<'ana' | 'ben' | 'eve', 'workbench'>({
    people: { ana: {}, ben: {}, eve: {} },
    apps: { workbench: {} },
    repositories: { 'acme/shop': { isPublic: true, levels: { ana: 'admin', ben: 'write', eve: 'none' } } },
  });
  onTestFinished(() => hub.close());
  const { unitOfWork, surfacePosts, people } = front.tools;
  const { projectId } = await front.desk.createProject('ada', 'Shop');
  await unitOfWork.transact(async (transaction) => {
    const { length } = await transaction.events(`project:${projectId}`);
    const body = { repoId: randomUUID(), projectId, forge: 'github', path: 'github:acme/shop', baseBranch: 'main' };
    transaction.append(`project:${projectId}`, length, [draft('repository.bound', body)]);
  });
  const token = pat ? hub.people.ben.token() : hub.apps.workbench.token();
  const credentials = whileGoing(fixedToken(token.value), () => requireGoing(unitOfWork.ledger));
  const options = { apiUrl: hub.apiUrl, webUrl: hub.url, credentials };
  const issues = createGitHubIssues(options, systemClock);
  const branchChecks = createGitHubBranchChecks(options, systemClock);
  const logged: InGitHub['logged'] = [];
  const troubles: string[] = [];
  const line = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void logged.push({ level, message, fields });
  const log: Log = { debug() {}, info: line('info'), warn: line('warn'), error: line('error') };
  const secret = 'a secret for tests';
  const start = (port: number): Promise<GitHub> =>
    connect({
      settings: {
        webhook: { port, secret },
        label: 'factory',
        host: 'github.com',
        pollEveryMs: HOUR_MS,
      },
      desk: front.desk,
      issues,
      branchChecks,
      surfacePosts,
      people,
      unitOfWork,
      lane: front.tools.lane,
      onPosts: () => () => {},
      onTrouble: (sentence) => void troubles.push(sentence),
      clock: systemClock,
      ids: front.tools.ids,
      log,
    });
  let factory = await start(0);
  await factory.look();
  onTestFinished(() => factory.stop());
  const port = factory.port ?? 0;
  const hook = hub.webhookTo(`http://127.0.0.1:${port}${WEBHOOK_PATH}`, {
    secret,
    events: hasWebhooks ? HEARD : [],
  });
  const thread = (number: number): PlaceThread => ({
    surface: 'github',
    team: 'github.com',
    channel: 'acme/shop',
    root: String(number),
  });
  const conversation = async (number: number): Promise<Conversation | null> => {
    const joined = await front.desk.threadAt(thread(number));
    return joined === null ? null : unitOfWork.conversations.get(joined.id);
  };
  return {
    front,
    hub,
    hook,
    troubles,
    projectId,
    factory: () => factory,
    async restart() {
      await factory.stop();
      factory = await start(port);
    },
    async quiet() {
      // The factory's own comment comes back as a webhook.
      for (let round = 0; round < 2; round += 1) {
        await hub.settled();
        await factory.settle();
        await front.mirror();
        await factory.settle();
      }
    },
    thread,
    conversation,
    async kept(number) {
      return (await conversation(number))?.messages.map(({ speaker, text }) => [speaker, text]) ?? null;
    },
    logged,
    asked: (number) =>
      hub
        .issue(number)
        .comments.filter(({ author }) => author.login === token.account.login)
        .map(({ body }) => body),
  };
}

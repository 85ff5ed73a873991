import { randomBytes } from 'node:crypto';
import { createTempFolder } from '../temp-folder.ts';
import { createDeliveries } from './delivery/deliveries.ts';
import type { Deliveries, Webhook } from './delivery/deliveries.ts';
import { createDeliveryFaults } from './delivery/delivery-faults.ts';
import type { DeliveryFaults } from './delivery/delivery-faults.ts';
import { createPublisher } from './delivery/publisher.ts';
import { branchHead } from './git/refs.ts';
import { git } from './git/run-git.ts';
import { createGitHubClock } from './hub/clock.ts';
import type { GitHubClock } from './hub/clock.ts';
import { findAccount, issueOf, pullOf } from './hub/hub.ts';
import type { Hub, PullRequest } from './hub/hub.ts';
import { addAccount, addApp, addRepository } from './hub/setup.ts';
import type { AppSetup, PersonSetup, RepositorySetup } from './hub/setup.ts';
import { makeToken } from './hub/tokens.ts';
import type { App, Issue, Permissions, Repository, Token } from './hub/types.ts';
import { payloadFault } from './openapi/checked-payload.ts';
import { githubDescription } from './openapi/description.ts';
import { createCI } from './people/ci.ts';
import type { CI } from './people/ci.ts';
import { createPerson, repositoryNamed } from './people/person.ts';
import type { GitHubPerson } from './people/person.ts';
import type { Api, RecordedCall } from './rest/answer-request.ts';
import { createCallFaults } from './rest/call-faults.ts';
import type { CallFaults } from './rest/call-faults.ts';
import { createRouter } from './rest/find-route.ts';
import { createRateLimits } from './rest/limits.ts';
import type { RateLimits } from './rest/limits.ts';
import { listen } from './server.ts';

/**
 * A GitHub for a test. Left out: Ana (an admin) and Ben (who may write) in the private repository `acme/shop`, where
 * the app `workbench` is installed.
 */
export interface GitHubOptions<Person extends string, AppName extends string> {
  people?: Record<Person, PersonSetup>;
  /** By full name. The first is the one that people act in. */
  repositories?: Readonly<Record<string, RepositorySetup>>;
  /** Installed for the owner of the first repository. */
  apps?: Record<AppName, AppSetup>;
  /** How many reads of a pull request answer `mergeable: null` after its commits changed. Default: 1. */
  mergeableAfterReads?: number;
  /** GitHub waits 10 s. Default: 30 s, so that a slow machine loses nothing. */
  webhookTimeoutMs?: number;
  /** Seconds between questions in the device flow. Default: 5, as on GitHub. */
  deviceIntervalS?: number;
  readMs?: () => number;
}

export interface StandInGitHub<Person extends string, AppName extends string> {
  /** For pages and git: `${url}/acme/shop.git`. No slash at the end. */
  url: string;
  /** For octokit's `baseUrl`. */
  apiUrl: string;
  clock: GitHubClock;
  people: Record<Person, GitHubPerson>;
  apps: Record<AppName, StandInApp>;
  /** The CI of the first repository. */
  ci: CI;
  /** By full name; the first when left out. */
  repository(name?: string): Repository;
  issue(number: number): Issue;
  pull(number: number): PullRequest;
  /** The commit at a branch of the first repository; null: there is none. */
  head(branch: string): Promise<string | null>;
  /** Runs git in the first repository. */
  git(...args: string[]): Promise<string>;
  /** Every call that came, git's too, oldest first. */
  calls: RecordedCall[];
  callsTo(operation: string): RecordedCall[];
  /** What went against GitHub's own description, in a request, an answer or a webhook. Expect it to be empty. */
  violations: string[];
  /** What goes wrong with calls. */
  faults: CallFaults;
  limits: RateLimits;
  /** What goes wrong on the way to those who listen. */
  deliveryFaults: DeliveryFaults;
  deliveries: Deliveries;
  /** From now on events go to that address: of the first repository, or as an app's. */
  webhookTo(url: string, options?: { app?: AppName; events?: readonly string[]; secret?: string }): Webhook;
  revoke(token: Token): void;
  /** Resolves when CI has reported and all webhooks were sent. */
  settled(): Promise<void>;
  /** The parts underneath, for what is not made easier here. */
  hub: Hub;
  close(): Promise<void>;
}

export interface StandInApp {
  app: App;
  id: number;
  clientId: string;
  installationId: number;
  /** PEM, as GitHub hands it out. */
  privateKey: string;
  /** Login of its bot. */
  login: string;
  /** Everything that the app does is refused until it is lifted. */
  suspend(): void;
  unsuspend(): void;
  /** A change of what it may do, as accepted by whoever installed it. */
  allow(permissions: Permissions): void;
  /** Where it is installed from now on; names within its owner's. */
  installOn(...repositories: readonly string[]): void;
  /** An installation token, without the way to get one. */
  token(options?: { permissions?: Permissions; repositories?: readonly string[] }): Token;
}

export async function startGitHub<P extends string = 'ana' | 'ben', A extends string = 'workbench'>(
  options: GitHubOptions<P, A> = {},
): Promise<StandInGitHub<P, A>> {
  const people = options.people ?? ({ ana: {}, ben: {} } as unknown as Record<P, PersonSetup>);
  const apps = options.apps ?? ({ workbench: {} } as unknown as Record<A, AppSetup>);
  const repositories = options.repositories ?? { 'acme/shop': {} };
  const clock = createGitHubClock(options.readMs ?? Date.now);
  const folder = await createTempFolder();
  const description = githubDescription();
  const deliveryFaults = createDeliveryFaults();
  const deliveries = createDeliveries(deliveryFaults, { timeoutMs: options.webhookTimeoutMs ?? 30_000 });
  let lastId = 1000;
  const bare: Omit<Hub, 'publisher'> = {
    clock,
    baseUrl: '',
    folder: folder.path,
    accounts: [],
    apps: [],
    repositories: [],
    tokens: new Map(),
    grants: [],
    renewals: [],
    mergeableAfterReads: options.mergeableAfterReads ?? 1,
    onBranchChange: [],
    nextId: () => ++lastId,
  };
  const hub = bare as Hub;
  const violations: string[] = [];
  hub.publisher = createPublisher(hub, deliveries, {
    check: (event, payload) => payloadFault(description, event, payload),
    tell: (fault) => void violations.push(fault),
  });
  for (const [login, setup] of Object.entries<PersonSetup>(people)) addAccount(hub, login, 'User', setup);
  for (const [name, setup] of Object.entries(repositories)) await addRepository(hub, name, Object.keys(people), setup);
  const [first] = hub.repositories;
  if (first === undefined) throw new Error('Name at least one repository in startGitHub({ repositories }).');
  for (const [slug, setup] of Object.entries<AppSetup>(apps)) await addApp(hub, slug, first.owner, setup);
  const ciApp = await addApp(hub, 'ci', first.owner, { permissions: { checks: 'write' } });
  const api: Api = {
    hub,
    router: createRouter(description),
    limits: createRateLimits(clock),
    faults: createCallFaults(),
    calls: [],
    violations,
  };
  const server = await listen(api, { deviceIntervalS: options.deviceIntervalS ?? 5 });
  hub.baseUrl = server.url;
  const ci = createCI(hub, ciApp, first);
  const byName = <Name extends string, Value>(record: Record<Name, unknown>, make: (name: Name) => Value) =>
    Object.fromEntries((Object.keys(record) as Name[]).map((name) => [name, make(name)])) as Record<Name, Value>;

  return {
    url: server.url,
    apiUrl: `${server.url}/api`,
    clock,
    people: byName(people, (name) => createPerson(hub, accountNamed(hub, name), first)),
    apps: byName(apps, (name) => standInApp(hub, appNamed(hub, name))),
    ci,
    repository: (name) => (name === undefined ? first : repositoryNamed(hub, name)),
    issue: (number) => issueOf(first, number),
    pull: (number) => pullOf(first, number),
    head: (branch) => branchHead(first.folder, branch),
    git: (...args) => git(first.folder, args),
    calls: api.calls,
    callsTo: (operation) => api.calls.filter((call) => call.operation === operation),
    violations,
    faults: api.faults,
    limits: api.limits,
    deliveryFaults,
    deliveries,
    webhookTo(url, { app, events, secret } = {}) {
      const hook: Webhook = {
        id: hub.nextId(),
        url,
        secret: secret ?? randomBytes(16).toString('hex'),
        events: events ?? null,
        app: app === undefined ? null : appNamed(hub, app),
        repository: app === undefined ? first : null,
      };
      deliveries.hooks.push(hook);
      return hook;
    },
    revoke: (token) => void (token.isRevoked = true),
    async settled() {
      await ci.settled();
      await deliveries.settled();
    },
    hub,
    async close() {
      deliveries.stop();
      await server.close();
      await Promise.allSettled(hub.repositories.map(({ queue }) => queue));
      await deliveries.settled();
      await folder.remove();
    },
  };
}

function standInApp(hub: Hub, app: App): StandInApp {
  return {
    app,
    id: app.id,
    clientId: app.clientId,
    installationId: app.installationId,
    privateKey: app.privateKey,
    login: app.bot.login,
    suspend: () => void (app.suspendedAtMs = hub.clock.nowMs()),
    unsuspend: () => void (app.suspendedAtMs = null),
    allow: (permissions) => void (app.permissions = permissions),
    installOn: (...names) => {
      app.repositoryIds = new Set(names.map((name) => repositoryNamed(hub, `${app.owner.login}/${name}`).id));
    },
    token({ permissions = app.permissions, repositories } = {}) {
      const ids = repositories?.map((name) => repositoryNamed(hub, name).id);
      return makeToken(hub, {
        kind: 'installation',
        account: app.bot,
        app,
        permissions,
        repositoryIds: ids === undefined ? null : new Set(ids),
        expiresAtMs: hub.clock.nowMs() + 3_600_000,
      });
    },
  };
}

function appNamed(hub: Hub, slug: string): App {
  const found = hub.apps.find((one) => one.slug === slug);
  if (found === undefined) throw new Error(`The stand-in GitHub has no app ${slug}. Name it in startGitHub({ apps }).`);
  return found;
}

function accountNamed(hub: Hub, login: string) {
  const found = findAccount(hub, login);
  if (found === undefined) throw new Error(`The stand-in GitHub has no account ${login}.`);
  return found;
}

import { generateKeyPair } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { createBareRepository } from '../git/bare-repository.ts';
import { writeCommit } from '../git/write-commit.ts';
import type { Files } from '../git/write-commit.ts';
import { findAccount } from './hub.ts';
import type { Hub } from './hub.ts';
import type { Account, App, Level, MergeMethod, Permissions, Repository } from './types.ts';

/** What a test says about the GitHub that it wants. Everything has a default: an empty object is a whole one. */
export interface PersonSetup {
  name?: string;
  email?: string;
}

export interface RepositorySetup {
  /** Default: private. */
  isPublic?: boolean;
  /** By login. Default: the first person is an admin, the others may write. */
  levels?: Readonly<Record<string, Level>>;
  /** Members of the organisation. Default: the first person. */
  members?: readonly string[];
  labels?: readonly string[];
  /** Of the first commit. `null` instead: the repository is empty. */
  files?: Files | null;
  defaultBranch?: string;
  /** Default: all three. */
  mergeMethods?: readonly MergeMethod[];
}

export interface AppSetup {
  permissions?: Permissions;
  /** Default: what people grant it does not end. */
  userTokensExpire?: boolean;
  /** Names within its owner's; default: all. */
  repositories?: readonly string[];
}

/** What an app that carries a task from its issue to a merge needs, and no more. */
export const WORK_PERMISSIONS: Permissions = {
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'read',
};

export function addAccount(hub: Hub, login: string, type: Account['type'], setup: PersonSetup = {}): Account {
  const found = findAccount(hub, login);
  if (found !== undefined) return found;
  const id = hub.nextId();
  const account: Account = {
    id,
    login,
    type,
    name: setup.name ?? login.charAt(0).toUpperCase() + login.slice(1),
    email: setup.email ?? `${id}+${login}@users.noreply.example.com`,
  };
  hub.accounts.push(account);
  return account;
}

export async function addRepository(
  hub: Hub,
  fullName: string,
  people: readonly string[],
  setup: RepositorySetup,
): Promise<Repository> {
  const [owner = '', name = ''] = fullName.split('/');
  const [first = owner] = people;
  const nowMs = hub.clock.nowMs();
  const id = hub.nextId();
  const usual = Object.fromEntries(people.map((login) => [login, login === first ? 'admin' : 'write'] as const));
  const repository: Repository = {
    id,
    owner: addAccount(hub, owner, people.includes(owner) ? 'User' : 'Organization'),
    name,
    formerNames: [],
    isPrivate: setup.isPublic !== true,
    isArchived: false,
    defaultBranch: setup.defaultBranch ?? 'main',
    folder: path.join(hub.folder, `${id}.git`),
    levels: new Map(Object.entries<Level>(setup.levels ?? usual)),
    members: new Set(setup.members ?? [first]),
    labels: (setup.labels ?? ['factory']).map((label) => ({
      id: hub.nextId(),
      name: label,
      color: 'ededed',
      description: null,
    })),
    issues: new Map(),
    reactions: [],
    checkRuns: [],
    checkSuites: [],
    statuses: [],
    protections: [],
    mergeMethods: new Set(setup.mergeMethods ?? (['merge', 'squash', 'rebase'] as const)),
    queue: Promise.resolve(),
    createdAtMs: nowMs,
    pushedAtMs: nowMs,
  };
  await createBareRepository(repository.folder, repository.defaultBranch);
  if (setup.files !== null) {
    const author = findAccount(hub, first) ?? repository.owner;
    const files = setup.files ?? { 'README.md': `# ${name}\n` };
    const branch = repository.defaultBranch;
    await writeCommit(repository.folder, { branch, parent: null, files, message: 'First', author, atMs: nowMs });
  }
  hub.repositories.push(repository);
  return repository;
}

export async function addApp(hub: Hub, slug: string, owner: Account, setup: AppSetup): Promise<App> {
  const keys = await appKeys();
  const id = hub.nextId();
  const names = setup.repositories;
  const app: App = {
    id,
    slug,
    clientId: `Iv23li${slug}${id}`,
    installationId: hub.nextId(),
    owner,
    bot: addAccount(hub, `${slug}[bot]`, 'Bot'),
    permissions: setup.permissions ?? WORK_PERMISSIONS,
    userTokensExpire: setup.userTokensExpire ?? false,
    repositoryIds:
      names === undefined
        ? null
        : new Set(hub.repositories.filter(({ name }) => names.includes(name)).map((one) => one.id)),
    suspendedAtMs: null,
    ...keys,
    createdAtMs: hub.clock.nowMs(),
  };
  hub.apps.push(app);
  return app;
}

let made: Promise<{ publicKey: string; privateKey: string }> | null = null;

/** Made once a process: 2,048 bits take a tenth of a second. GitHub hands them out as PKCS#1. */
function appKeys(): Promise<{ publicKey: string; privateKey: string }> {
  made ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return made;
}

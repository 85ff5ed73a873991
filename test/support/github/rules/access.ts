import { isSameName, pullsOf } from '../hub/hub.ts';
import { LEVELS } from '../hub/types.ts';
import type { Account, Level, Repository, Token } from '../hub/types.ts';

/** What an account may do here. An app's bot has no level of its own: its token's permissions are all that counts. */
export function levelOf(repository: Repository, account: Account | null): Level {
  const outsider: Level = repository.isPrivate ? 'none' : 'read';
  if (account === null) return outsider;
  if (isSameName(account.login, repository.owner.login)) return 'admin';
  return repository.levels.get(account.login) ?? outsider;
}

export function isAtLeast(level: Level, wanted: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}

/** The five levels as the older `permission` field knows them. */
export function legacyPermission(level: Level): 'none' | 'read' | 'write' | 'admin' {
  if (level === 'triage') return 'read';
  return level === 'maintain' ? 'write' : level;
}

export function mayWrite(repository: Repository, account: Account): boolean {
  return isAtLeast(levelOf(repository, account), 'write');
}

export type Association = 'OWNER' | 'MEMBER' | 'COLLABORATOR' | 'CONTRIBUTOR' | 'NONE';

export function associationOf(repository: Repository, account: Account): Association {
  if (isSameName(account.login, repository.owner.login)) return 'OWNER';
  if (repository.members.has(account.login)) return 'MEMBER';
  if (repository.levels.has(account.login)) return 'COLLABORATOR';
  const hasMerged = pullsOf(repository).some(({ author, pull }) => author === account && pull.mergedAtMs !== null);
  return hasMerged ? 'CONTRIBUTOR' : 'NONE';
}

/** Whether the token was made for this repository. */
export function coversRepository(token: Token, repository: Repository): boolean {
  const installed = token.app?.repositoryIds ?? null;
  const isInstalled =
    token.app === null ||
    (isSameName(token.app.owner.login, repository.owner.login) && (installed === null || installed.has(repository.id)));
  return isInstalled && (token.repositoryIds === null || token.repositoryIds.has(repository.id));
}

/** What the token may do here: its account's level, or for an app itself as much as it may do with contents. */
export function tokenLevel(token: Token, repository: Repository): Level {
  if (token.kind !== 'installation') return levelOf(repository, token.account);
  return coversRepository(token, repository) ? 'write' : levelOf(repository, null);
}

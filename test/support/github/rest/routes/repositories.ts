import { findAccount } from '../../hub/hub.ts';
import { notFound } from '../../hub/refusal.ts';
import { LEVELS } from '../../hub/types.ts';
import type { Level } from '../../hub/types.ts';
import { accountJson } from '../../json/accounts.ts';
import { repositoryDetails, repositoryJson } from '../../json/repositories.ts';
import { isAtLeast, legacyPermission, levelOf, tokenLevel } from '../../rules/access.ts';
import { noContent, ok, page, read } from '../route.ts';
import type { Routes } from '../route.ts';

export const REPOSITORIES: Routes = {
  'repos/get': read('metadata', ({ hub, repository, token }) =>
    ok({
      ...repositoryJson(hub, repository),
      ...repositoryDetails(repository),
      ...(token === null ? {} : { permissions: permissionsOf(tokenLevel(token, repository)) }),
    }),
  ),
  'repos/list-collaborators': read('metadata', (call) => {
    const { hub, repository } = call;
    return page(call, [...repository.levels], ([login, level]) => {
      const account = findAccount(hub, login);
      return account === undefined
        ? {}
        : { ...accountJson(hub, account), role_name: level, permissions: permissionsOf(level) };
    });
  }),
  'repos/check-collaborator': read('metadata', ({ repository, parameters }) => {
    if (!repository.levels.has(parameters.username ?? '')) throw notFound();
    return noContent();
  }),
  'repos/get-collaborator-permission-level': read('metadata', ({ hub, repository, parameters }) => {
    const account = findAccount(hub, parameters.username ?? '');
    if (account === undefined) throw notFound();
    const level = levelOf(repository, account);
    return ok({
      permission: legacyPermission(level),
      role_name: level,
      user: { ...accountJson(hub, account), role_name: level, permissions: permissionsOf(level) },
    });
  }),
};

/** The older and the newer names side by side: `pull` is to read, `push` to write. */
function permissionsOf(level: Level): Record<string, boolean> {
  const names = { read: 'pull', triage: 'triage', write: 'push', maintain: 'maintain', admin: 'admin' } as const;
  return Object.fromEntries(
    LEVELS.flatMap((one) => (one === 'none' ? [] : [[names[one], isAtLeast(level, one)] as const])),
  );
}

import { findRenamed, findRepository } from '../hub/hub.ts';
import { notFound, Refusal } from '../hub/refusal.ts';
import type { Repository, Token } from '../hub/types.ts';
import { coversRepository, isAtLeast, levelOf, tokenLevel } from '../rules/access.ts';
import type { Call, Need, Route } from './route.ts';

/** The repository that the call names. One that the caller may not see does not exist; a renamed one is elsewhere. */
export function repositoryOf({ hub, token, parameters, path }: Call, method: string): Repository {
  const name = `${parameters.owner}/${parameters.repo}`;
  const repository = findRepository(hub, name);
  if (repository === undefined) {
    const renamed = findRenamed(hub, name);
    if (renamed === undefined || !maySee(token, renamed)) throw notFound();
    const rest = path.split('/').slice(4).join('/');
    const location = `${hub.baseUrl}/api/repositories/${renamed.id}${rest === '' ? '' : `/${rest}`}`;
    // A 301 would turn a POST into a GET on the way.
    const [status, message] =
      method === 'GET' ? ([301, 'Moved Permanently'] as const) : ([307, 'Temporary Redirect'] as const);
    throw new Refusal(status, message, { url: location }, { location });
  }
  if (!maySee(token, repository)) throw notFound();
  return repository;
}

function maySee(token: Token | null, repository: Repository): boolean {
  if (!repository.isPrivate) return true;
  return token !== null && coversRepository(token, repository) && isAtLeast(tokenLevel(token, repository), 'read');
}

/** Refuses with 403 what the token or its account may not do, and says what it would take. */
export function needPermission(
  token: Token | null,
  repository: Repository,
  route: Extract<Route, { needs: readonly Need[] }>,
): void {
  if (token === null) {
    if (route.kind === 'write') throw new Refusal(401, 'Requires authentication');
    return;
  }
  const isCovered = coversRepository(token, repository);
  const has = ([name, wanted]: Need): boolean => {
    const given = name === 'metadata' ? 'read' : token.permissions[name];
    return isCovered && (given === 'write' || (given !== undefined && wanted === 'read'));
  };
  // What everybody may read needs no permission.
  const isPublicRead = route.kind === 'read' && !repository.isPrivate;
  const isAllowed =
    route.kind === 'read' ||
    token.kind === 'installation' ||
    isAtLeast(levelOf(repository, token.account), route.level);
  if ((isPublicRead || route.needs.some(has)) && isAllowed) return;
  const who = token.kind === 'personal' ? 'personal access token' : 'integration';
  throw new Refusal(403, `Resource not accessible by ${who}`, {}, acceptedPermissions(route.needs));
}

export function acceptedPermissions(needs: readonly Need[]): Record<string, string> {
  return { 'x-accepted-github-permissions': needs.map(([name, level]) => `${name}=${level}`).join('; ') };
}

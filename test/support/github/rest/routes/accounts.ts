import { findAccount, findRenamed, fullName, isSameName } from '../../hub/hub.ts';
import { isoSeconds } from '../../hub/clock.ts';
import type { Hub } from '../../hub/hub.ts';
import { isObject } from '../../hub/json.ts';
import type { Json } from '../../hub/json.ts';
import { notFound, Refusal } from '../../hub/refusal.ts';
import type { App, Permissions, Repository } from '../../hub/types.ts';
import { makeToken } from '../../hub/tokens.ts';
import { accountJson, appJson, profileJson } from '../../json/accounts.ts';
import { repositoryJson } from '../../json/repositories.ts';
import { created, noContent, ok, page } from '../route.ts';
import type { Route, Routes } from '../route.ts';

/** An installation token lives for an hour. */
const INSTALLATION_TOKEN_MS = 3_600_000;

const repositoryInstallation: Route = {
  kind: 'app',
  run({ hub, app, parameters }) {
    const name = `${parameters.owner}/${parameters.repo}`;
    const repository = installedOn(hub, app).find((one) => isSameName(fullName(one), name));
    if (repository === undefined) throw movedOr404(hub, app, name);
    return ok(installationJson(hub, app));
  },
};

export const ACCOUNTS: Routes = {
  'users/get-authenticated': {
    kind: 'token',
    run({ hub, token }) {
      if (token.kind === 'installation') throw new Refusal(403, 'Resource not accessible by integration');
      return ok({ ...profileJson(hub, token.account), user_view_type: 'public' });
    },
  },
  'users/get-by-username': {
    kind: 'open',
    run({ hub, parameters }) {
      const account = findAccount(hub, parameters.username ?? '');
      if (account === undefined) throw notFound();
      return ok({ ...profileJson(hub, account), user_view_type: 'public' });
    },
  },
  'apps/get-authenticated': { kind: 'app', run: ({ hub, app }) => ok(appJson(hub, app)) },
  'apps/get-repo-installation': repositoryInstallation,
  'apps/create-installation-access-token': {
    kind: 'app',
    run({ hub, app, parameters, body }) {
      if (String(app.installationId) !== parameters.installation_id) throw notFound();
      if (app.suspendedAtMs !== null) throw new Refusal(403, 'This installation has been suspended');
      const repositories = chosenRepositories(hub, app, body);
      const permissions = chosenPermissions(app, body.permissions);
      const token = makeToken(hub, {
        kind: 'installation',
        account: app.bot,
        app,
        permissions,
        repositoryIds: repositories === null ? null : new Set(repositories.map(({ id }) => id)),
        expiresAtMs: hub.clock.nowMs() + INSTALLATION_TOKEN_MS,
      });
      return created({
        token: token.value,
        expires_at: isoSeconds(hub.clock.nowMs() + INSTALLATION_TOKEN_MS),
        permissions: { metadata: 'read', ...permissions },
        repository_selection: repositories === null ? 'all' : 'selected',
        ...(repositories === null ? {} : { repositories: repositories.map((one) => repositoryJson(hub, one)) }),
      });
    },
  },
  'apps/revoke-installation-access-token': {
    kind: 'token',
    run({ token }) {
      if (token.kind !== 'installation') throw new Refusal(403, 'Resource not accessible by personal access token');
      token.isRevoked = true;
      return noContent();
    },
  },
  'apps/list-repos-accessible-to-installation': {
    kind: 'token',
    run(call) {
      const { hub, token } = call;
      if (token.app === null || token.kind !== 'installation')
        throw new Refusal(
          403,
          'You must authenticate with an installation access token in order to list repositories for an installation.',
        );
      const found = installedOn(hub, token.app).filter(
        ({ id }) => token.repositoryIds === null || token.repositoryIds.has(id),
      );
      return page(
        call,
        found,
        (one) => repositoryJson(hub, one),
        (repositories) => ({
          total_count: found.length,
          repositories,
        }),
      );
    },
  },
};

function installedOn(hub: Hub, { owner, repositoryIds }: App): Repository[] {
  return hub.repositories.filter((one) => one.owner === owner && (repositoryIds === null || repositoryIds.has(one.id)));
}

/** A renamed repository sends on, as everywhere. */
function movedOr404(hub: Hub, app: App, name: string): Refusal {
  const renamed = findRenamed(hub, name);
  if (renamed === undefined || !installedOn(hub, app).includes(renamed)) return notFound();
  const location = `${hub.baseUrl}/api/repositories/${renamed.id}/installation`;
  return new Refusal(301, 'Moved Permanently', { url: location }, { location });
}

/** Null: the body names none, so all. */
function chosenRepositories(hub: Hub, app: App, body: Json): Repository[] | null {
  const names = Array.isArray(body.repositories) ? body.repositories : null;
  const ids = Array.isArray(body.repository_ids) ? body.repository_ids : null;
  if (names === null && ids === null) return null;
  const reachable = installedOn(hub, app);
  const chosen = [...(names ?? []), ...(ids ?? [])].map((wanted) =>
    reachable.find(({ id, name }) => name === wanted || id === wanted),
  );
  if (chosen.includes(undefined))
    throw new Refusal(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  return chosen.filter((one) => one !== undefined);
}

function chosenPermissions(app: App, wanted: unknown): Permissions {
  if (!isObject(wanted)) return app.permissions;
  const has = (name: string, level: unknown) => {
    const given = (app.permissions as Json)[name];
    return name === 'metadata' || given === 'write' || (given === 'read' && level === 'read');
  };
  if (!Object.entries(wanted).every(([name, level]) => has(name, level)))
    throw new Refusal(422, 'The permissions requested are not granted to this installation.');
  return wanted as Permissions;
}

function installationJson(hub: Hub, app: App): Json {
  const url = `${hub.baseUrl}/api/app/installations/${app.installationId}`;
  return {
    id: app.installationId,
    account: accountJson(hub, app.owner),
    repository_selection: app.repositoryIds === null ? 'all' : 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${hub.baseUrl}/api/installation/repositories`,
    html_url: `${hub.baseUrl}/settings/installations/${app.installationId}`,
    app_id: app.id,
    client_id: app.clientId,
    target_id: app.owner.id,
    target_type: app.owner.type,
    permissions: { metadata: 'read', ...app.permissions },
    events: [],
    created_at: isoSeconds(app.createdAtMs),
    updated_at: isoSeconds(app.createdAtMs),
    single_file_name: null,
    app_slug: app.slug,
    suspended_by: null,
    suspended_at: app.suspendedAtMs === null ? null : isoSeconds(app.suspendedAtMs),
  };
}

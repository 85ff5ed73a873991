import { createHash } from 'node:crypto';
import { apiUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import { isoSeconds } from '../hub/clock.ts';
import type { Json } from '../hub/json.ts';
import type { Account, App } from '../hub/types.ts';

/** GitHub's global ids: what GraphQL goes by. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`;
}

export function accountJson(hub: Hub, { id, login, type }: Account): Json {
  const url = `${apiUrl(hub)}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${hub.baseUrl}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${hub.baseUrl}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

export function accountOrNull(hub: Hub, account: Account | null): Json | null {
  return account === null ? null : accountJson(hub, account);
}

/** As `GET /users/{username}` has it. */
export function profileJson(hub: Hub, account: Account): Json {
  const nowText = isoSeconds(hub.clock.nowMs());
  return {
    ...accountJson(hub, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: nowText,
    updated_at: nowText,
  };
}

export function appJson(hub: Hub, app: App): Json {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId('A', app.id),
    owner: accountJson(hub, app.owner),
    name: app.slug,
    description: null,
    external_url: `${hub.baseUrl}/apps/${app.slug}`,
    html_url: `${hub.baseUrl}/apps/${app.slug}`,
    created_at: isoSeconds(app.createdAtMs),
    updated_at: isoSeconds(app.createdAtMs),
    permissions: { ...app.permissions },
    events: [],
  };
}

/** A person's commit mail leads to them; others have no account. */
export function accountByMail(hub: Hub, mail: string): Account | null {
  return hub.accounts.find(({ email }) => email === mail) ?? null;
}

export function shaOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

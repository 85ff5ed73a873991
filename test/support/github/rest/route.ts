import type { Hub } from '../hub/hub.ts';
import { apiUrl } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Account, App, Level, PermissionName, Repository, Token } from '../hub/types.ts';

export interface Answer {
  status: number;
  /** Undefined: there is none. */
  body: unknown;
  headers?: Record<string, string>;
}

/** What every call brings. */
export interface Call {
  hub: Hub;
  token: Token | null;
  /** Whose JSON Web Token came. */
  app: App | null;
  /** Address of the call, without its query. */
  path: string;
  parameters: Record<string, string>;
  query: Record<string, string>;
  body: Json;
  /** The body where it is a list. */
  list: unknown[] | null;
}

export interface RepositoryCall extends Call {
  repository: Repository;
}

export interface SignedCall extends RepositoryCall {
  token: Token;
  account: Account;
}

export type Need = readonly [PermissionName, 'read' | 'write'];

export type Route =
  | { kind: 'open'; run(call: Call): Answer | Promise<Answer> }
  | { kind: 'token'; run(call: Call & { token: Token }): Answer | Promise<Answer> }
  | { kind: 'app'; run(call: Call & { app: App }): Answer | Promise<Answer> }
  | { kind: 'read'; needs: readonly Need[]; run(call: RepositoryCall): Answer | Promise<Answer> }
  /** `level`: what the account must be allowed here, besides what its token is. */
  | { kind: 'write'; needs: readonly Need[]; level: Level; run(call: SignedCall): Answer | Promise<Answer> };

/** By the names that GitHub's description and octokit give to them: `pulls/merge`. */
export type Routes = Readonly<Record<string, Route>>;

/** A read of a repository; any of the needs is enough. */
export function read(
  permission: PermissionName | readonly PermissionName[],
  run: (call: RepositoryCall) => Answer | Promise<Answer>,
): Route {
  return { kind: 'read', needs: [permission].flat().map((name) => [name, 'read']), run };
}

export function write(
  permission: PermissionName | readonly PermissionName[],
  level: Level,
  run: (call: SignedCall) => Answer | Promise<Answer>,
): Route {
  return { kind: 'write', needs: [permission].flat().map((name) => [name, 'write']), level, run };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export function noContent(): Answer {
  return { status: 204, body: undefined };
}

/** One page of a list, with GitHub's `Link` header. `wrap`: where the list is inside of an object. */
export function page<Item>(
  { hub, path, query }: Call,
  items: readonly Item[],
  render: (item: Item) => unknown,
  wrap: (rendered: unknown[]) => unknown = (rendered) => rendered,
): Promise<Answer> {
  const size = Math.min(Number(query.per_page ?? 30), 100);
  const number = Math.max(1, Number(query.page ?? 1));
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (rel: string, to: number): string => {
    const search = new URLSearchParams({ ...query, page: String(to) });
    return `<${apiUrl(hub)}${path}?${search.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link('prev', Math.min(number - 1, last))] : []),
    ...(number < last ? [link('next', number + 1), link('last', last)] : []),
    ...(number > 1 ? [link('first', 1)] : []),
  ];
  const shown = items.slice((number - 1) * size, number * size);
  return Promise.all(shown.map((item) => render(item))).then((rendered) => ({
    status: 200,
    body: wrap(rendered),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  }));
}

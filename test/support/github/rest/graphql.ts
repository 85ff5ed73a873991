import type { Hub, PullRequest } from '../hub/hub.ts';
import { pullsOf } from '../hub/hub.ts';
import { isObject, textOf } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';
import { Refusal } from '../hub/refusal.ts';
import type { Repository, Token } from '../hub/types.ts';
import { nodeId } from '../json/accounts.ts';
import { setDraft } from '../rules/pulls.ts';
import { needPermission } from './authorise.ts';
import { write } from './route.ts';
import type { Answer } from './route.ts';

/** What REST has no call for: https://docs.github.com/graphql/reference/mutations */
const MUTATIONS: Readonly<Record<string, boolean>> = {
  markPullRequestReadyForReview: false,
  convertPullRequestToDraft: true,
};

const RIGHT_TO_CHANGE = write('pull_requests', 'write', () => ({ status: 200, body: {} }));

/** Answers the two mutations that change a draft. GraphQL says what is wrong under `errors`, with a 200. */
export function answerGraphql(hub: Hub, token: Token | null, body: Json): Answer {
  if (token === null) throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  const query = textOf(body.query);
  const name = Object.keys(MUTATIONS).find((one) => query.includes(one));
  if (name === undefined) return failed('undefinedField', 'The stand-in does not know this query.');
  const target = findPull(hub, pullRequestId(query, body.variables));
  if (target === null) return failed('NOT_FOUND', 'Could not resolve to a node with the global id.', name);
  const { repository, issue } = target;
  try {
    if (RIGHT_TO_CHANGE.kind === 'write') needPermission(token, repository, RIGHT_TO_CHANGE);
    setDraft(hub, repository, token.account, issue, MUTATIONS[name] ?? false);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failed(error.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE', error.message, name);
  }
  const pullRequest = picked(query, {
    id: nodeId('PR', issue.pull.id),
    number: issue.number,
    isDraft: issue.pull.isDraft,
    state: issue.pull.mergedAtMs === null ? issue.state.toUpperCase() : 'MERGED',
    headRefOid: issue.pull.headSha,
  });
  return { status: 200, body: { data: { [name]: { pullRequest } } } };
}

/** From the variables, whatever theirs is called, or from the query itself. */
function pullRequestId(query: string, variables: unknown): string {
  const inline = /pullRequestId:\s*"([^"]+)"/.exec(query)?.[1];
  if (inline !== undefined) return inline;
  const values = isObject(variables)
    ? Object.values(variables).flatMap((one) => (isObject(one) ? Object.values(one) : [one]))
    : [];
  return textOf(values.find((one) => textOf(one).startsWith('PR_')));
}

function findPull(hub: Hub, id: string): { repository: Repository; issue: PullRequest } | null {
  for (const repository of hub.repositories) {
    const issue = pullsOf(repository).find(({ pull }) => nodeId('PR', pull.id) === id);
    if (issue !== undefined) return { repository, issue };
  }
  return null;
}

/** Only the fields that were asked for. */
function picked(query: string, all: Json): Json {
  const fields = /pullRequest\s*\{([^}]*)\}/.exec(query)?.[1]?.split(/[\s,]+/) ?? [];
  return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
}

function failed(type: string, message: string, path?: string): Answer {
  const errors = [{ type, message, ...(path === undefined ? {} : { path: [path] }) }];
  return { status: 200, body: { ...(path === undefined ? {} : { data: { [path]: null } }), errors } };
}

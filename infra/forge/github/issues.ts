import type { RestEndpointMethodTypes } from '@octokit/rest';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Issue, IssueChanges, IssueComment, Issues, IssueWords } from '#src/ports/issues.ts';
import { type CallFault, faultError, isNotFound, MOVED } from './call-fault.ts';
import { createClients, type GitHubClient } from './create-client.ts';
import type { Credentials } from './credentials.ts';
import type { GitHubOptions } from './github-options.ts';
import { keepQuiet } from './keep-quiet.ts';
import { mayWriteOnGitHub } from './may-write.ts';
import { repositoryAt } from './repository-name.ts';

type Found = RestEndpointMethodTypes['issues']['get']['response']['data'];
type FoundComment = RestEndpointMethodTypes['issues']['listComments']['response']['data'][number];

/** The most that GitHub gives at once. */
const PER_PAGE = 100;
const GONE = 410;
const NOT_MODIFIED = 304;
const FORBIDDEN = 403;

/** Issues on GitHub, through its REST API. */
export function createGitHubIssues(options: GitHubOptions, clock: Clock): Issues {
  const clientFor = keepQuiet(createClients(options, clock), clock);
  const clientAt = (path: string): GitHubClient => clientFor(repositoryAt(path), 'issues');
  let own: Promise<Self> | null = null;
  const self = (client: GitHubClient): Promise<Self> => (own ??= whoAmI(options.credentials, client).catch(forgetOwn));
  const forgetOwn = (error: unknown): never => {
    own = null;
    throw error;
  };
  const wordsOf = async (
    client: GitHubClient,
    said: Pick<Found, 'user' | 'created_at' | 'body'>,
  ): Promise<IssueWords> => {
    const isBot = said.user?.type === 'Bot' || said.user?.login.endsWith('[bot]') === true;
    const me = await self(client);
    return {
      author: said.user?.login ?? null,
      isBot,
      isOwnAccount: me.kind === 'some-app' ? isBot : said.user?.login === me.login,
      at: new Date(said.created_at).toISOString(),
      text: said.body ?? '',
    };
  };

  return {
    async read(path, number) {
      const at = placeOf(path);
      const client = clientAt(path);
      const answer = await client
        .attempt((octokit) => octokit.rest.issues.get({ ...at, issue_number: number }))
        .catch(absentWhereRenamed);
      if (answer === 'absent') return answer;
      if ('fault' in answer) {
        if (answer.fault.status === GONE) return 'gone';
        // A repository that was renamed, or an issue that was moved to another.
        if (isNotFound(answer.fault) || answer.fault.status === MOVED) return 'absent';
        throw faultError(answer.fault, `read issue ${number} of ${at.owner}/${at.repo}`);
      }
      const { data } = answer.value;
      // One that was moved to another repository answers under its old name.
      if (!isAt(data.repository_url, at)) return 'absent';
      return {
        ...(await wordsOf(client, data)),
        number: data.number,
        title: data.title,
        labels: data.labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? []))),
        isOpen: data.state === 'open',
        isPullRequest: data.pull_request !== undefined,
      } satisfies Issue;
    },

    async comments(path, number) {
      const at = placeOf(path);
      const client = clientAt(path);
      const found: FoundComment[] = await client.ask(`read the comments of issue ${number}`, (octokit) =>
        octokit.paginate(octokit.rest.issues.listComments, { ...at, issue_number: number, per_page: PER_PAGE }),
      );
      return Promise.all(
        found.map(
          async (comment): Promise<IssueComment> => ({
            ...(await wordsOf(client, { ...comment, user: comment.user, body: comment.body ?? '' })),
            id: String(comment.id),
          }),
        ),
      );
    },

    async changed(path, { label, since, etag, page }) {
      const answer = await clientAt(path).attempt((octokit) =>
        octokit.rest.issues.listForRepo({
          ...placeOf(path),
          labels: label,
          ...(since === null ? { state: 'open' } : { state: 'all', since }),
          sort: 'updated',
          direction: 'asc',
          per_page: PER_PAGE,
          page,
          headers: conditional(etag),
        }),
      );
      if ('fault' in answer) return unlessQuiet(answer.fault, `list the issues of ${shown(path)}`);
      const { data, headers } = answer.value;
      const changes = data.flatMap(({ number, updated_at: updatedAt, pull_request: pull }) =>
        pull === undefined ? [{ number, updatedAt }] : [],
      );
      return { kind: 'changed', changes, isCut: data.length === PER_PAGE, etag: headers.etag ?? null };
    },

    async commented(path, { since, etag, page }) {
      const answer = await clientAt(path).attempt((octokit) =>
        octokit.rest.issues.listCommentsForRepo({
          ...placeOf(path),
          since,
          sort: 'updated',
          direction: 'asc',
          per_page: PER_PAGE,
          page,
          headers: conditional(etag),
        }),
      );
      if ('fault' in answer) return unlessQuiet(answer.fault, `list the comments of ${shown(path)}`);
      const { data, headers } = answer.value;
      const changes = data.map(({ issue_url: url, updated_at: updatedAt }) => ({ number: numberIn(url), updatedAt }));
      return { kind: 'changed', changes, isCut: data.length === PER_PAGE, etag: headers.etag ?? null };
    },

    mayWrite: (path, login) => mayWriteOnGitHub(clientAt(path), repositoryAt(path), login),

    async comment(path, number, body) {
      await clientAt(path).ask(`comment on issue ${number}`, (octokit) =>
        octokit.rest.issues.createComment({ ...placeOf(path), issue_number: number, body }),
      );
    },

    async editComment(path, id, body) {
      await clientAt(path).ask(`edit comment ${id}`, (octokit) =>
        octokit.rest.issues.updateComment({ ...placeOf(path), comment_id: Number(id), body }),
      );
    },
  };
}

/** `some-app`: GitHub does not tell an App's token whose it is. */
type Self = { kind: 'known'; login: string } | { kind: 'some-app' };

async function whoAmI(credentials: Credentials, client: GitHubClient): Promise<Self> {
  const bot = await credentials.botLogin();
  if (bot !== null) return { kind: 'known', login: bot };
  const answer = await client.attempt((octokit) => octokit.rest.users.getAuthenticated());
  if ('value' in answer) return { kind: 'known', login: answer.value.data.login };
  if (answer.fault.status === FORBIDDEN && answer.fault.waitMs === null) return { kind: 'some-app' };
  throw faultError(answer.fault, 'say whose token it is');
}

function placeOf(path: string): { owner: string; repo: string } {
  const { owner, name } = repositoryAt(path);
  return { owner, repo: name };
}

/** An App gets no token for a name that its repository had before. */
function absentWhereRenamed(error: unknown): 'absent' {
  if (error instanceof FactoryError && error.code === 'repo-renamed') return 'absent';
  throw error;
}

function shown(path: string): string {
  const { owner, name } = repositoryAt(path);
  return `${owner}/${name}`;
}

function isAt(repositoryUrl: string, { owner, repo }: { owner: string; repo: string }): boolean {
  return repositoryUrl.toLowerCase().endsWith(`/${owner}/${repo}`.toLowerCase());
}

function numberIn(issueUrl: string): number {
  return Number(issueUrl.slice(issueUrl.lastIndexOf('/') + 1));
}

function conditional(etag: string | null): Record<string, string> {
  return etag === null ? {} : { 'if-none-match': etag };
}

function unlessQuiet(fault: CallFault, what: string): IssueChanges {
  if (fault.status === NOT_MODIFIED) return { kind: 'unchanged' };
  if (fault.waitMs !== null) return { kind: 'busy', waitMs: fault.waitMs };
  throw faultError(fault, what);
}

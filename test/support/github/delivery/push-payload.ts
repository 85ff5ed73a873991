import { isNoCommit } from '../git/pushed-refs.ts';
import { readCommits } from '../git/read-commits.ts';
import type { CommitFacts } from '../git/read-commits.ts';
import { readChanges } from '../git/read-changes.ts';
import { isAncestor } from '../git/refs.ts';
import { htmlUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Account, Repository } from '../hub/types.ts';
import { simpleCommitJson } from '../json/commits.ts';
import { accountJson } from '../json/accounts.ts';
import type { RefChange } from '../rules/ref-changes.ts';

/** GitHub lists no more commits than so many in one push. */
const MAX_COMMITS = 2048;

export async function pushPayload(
  hub: Hub,
  repository: Repository,
  pusher: Account,
  { ref, before, after }: RefChange,
): Promise<Json> {
  const { folder } = repository;
  const page = htmlUrl(hub, repository);
  const isCreated = isNoCommit(before);
  const isDeleted = isNoCommit(after);
  const commits = isDeleted ? [] : await newCommits(folder, isCreated ? null : before, after, repository.defaultBranch);
  const described = await Promise.all(commits.slice(-MAX_COMMITS).map((commit) => describe(folder, page, commit)));
  const seconds = Math.trunc(hub.clock.nowMs() / 1000);
  return {
    ref,
    before,
    after,
    base_ref: null,
    created: isCreated,
    deleted: isDeleted,
    forced: !isCreated && !isDeleted && !(await isAncestor(folder, before, after)),
    compare: `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: described,
    head_commit: isDeleted ? null : (described.at(-1) ?? (await describeOne(folder, page, after))),
    pusher: { name: pusher.login, email: pusher.email },
    // Only in this event are a repository's times numbers.
    repository: {
      created_at: Math.trunc(repository.createdAtMs / 1000),
      pushed_at: seconds,
      owner: { ...accountJson(hub, repository.owner), name: repository.owner.login, email: null },
    },
  };
}

async function newCommits(
  folder: string,
  before: string | null,
  after: string,
  defaultBranch: string,
): Promise<CommitFacts[]> {
  if (before !== null) return readCommits(folder, [`${before}..${after}`]);
  return readCommits(folder, [after, '--not', `refs/heads/${defaultBranch}`]).catch(() => []);
}

async function describeOne(folder: string, page: string, sha: string): Promise<Json> {
  const [commit] = await readCommits(folder, ['--no-walk', sha]);
  return commit === undefined ? {} : describe(folder, page, commit);
}

async function describe(folder: string, page: string, commit: CommitFacts): Promise<Json> {
  const [parent] = commit.parents;
  const files = parent === undefined ? [] : await readChanges(folder, parent, commit.sha);
  const paths = (status: string) => files.filter((file) => file.status === status).map(({ path }) => path);
  return {
    ...simpleCommitJson(commit),
    distinct: true,
    url: `${page}/commit/${commit.sha}`,
    added: paths('added'),
    removed: paths('removed'),
    modified: [...paths('modified'), ...paths('renamed')],
  };
}

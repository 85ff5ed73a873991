import { fullName, htmlUrl, repositoryUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import { isoSeconds } from '../hub/clock.ts';
import type { Json } from '../hub/json.ts';
import type { Repository } from '../hub/types.ts';
import { accountJson, nodeId } from './accounts.ts';

/** Names of a repository's addresses, and what follows its own address in each. */
const ADDRESSES = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  contributors: '/contributors',
  deployments: '/deployments',
  downloads: '/downloads',
  events: '/events',
  forks: '/forks',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  hooks: '/hooks',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  languages: '/languages',
  merges: '/merges',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  stargazers: '/stargazers',
  statuses: '/statuses/{sha}',
  subscribers: '/subscribers',
  subscription: '/subscription',
  tags: '/tags',
  teams: '/teams',
  trees: '/git/trees{/sha}',
} as const;

export function repositoryJson(hub: Hub, repository: Repository): Json {
  const url = repositoryUrl(hub, repository);
  const page = htmlUrl(hub, repository);
  const openIssues = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: accountJson(hub, repository.owner),
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    html_url: page,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(ADDRESSES).map(([name, rest]) => [`${name}_url`, `${url}${rest}`])),
    git_url: `${page.replace(/^http/, 'git')}.git`,
    ssh_url: `git@example.com:${fullName(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    size: 1,
    default_branch: repository.defaultBranch,
    ...Object.fromEntries(
      ['forks', 'stargazers', 'watchers', 'subscribers', 'network'].map((one) => [`${one}_count`, 0]),
    ),
    forks: 0,
    watchers: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    has_downloads: false,
    archived: repository.isArchived,
    disabled: false,
    is_template: false,
    web_commit_signoff_required: false,
    allow_forking: false,
    pushed_at: isoSeconds(repository.pushedAtMs),
    created_at: isoSeconds(repository.createdAtMs),
    updated_at: isoSeconds(repository.pushedAtMs),
  };
}

/** What only the read of one repository says. */
export function repositoryDetails({ mergeMethods }: Repository): Json {
  return {
    allow_merge_commit: mergeMethods.has('merge'),
    allow_squash_merge: mergeMethods.has('squash'),
    allow_rebase_merge: mergeMethods.has('rebase'),
    allow_auto_merge: false,
    delete_branch_on_merge: false,
  };
}

import type { ChangedFile } from '../git/read-changes.ts';
import type { CommitFacts, Signature } from '../git/read-commits.ts';
import { htmlUrl, repositoryUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Repository } from '../hub/types.ts';
import { accountByMail, accountOrNull, nodeId, shaOf } from './accounts.ts';

export function commitJson(hub: Hub, repository: Repository, commit: CommitFacts): Json {
  const at = repositoryUrl(hub, repository);
  const url = `${at}/commits/${commit.sha}`;
  const account = ({ email }: Signature) => accountOrNull(hub, accountByMail(hub, email));
  return {
    sha: commit.sha,
    node_id: nodeId('C', Number.parseInt(commit.sha.slice(0, 8), 16)),
    url,
    html_url: `${htmlUrl(hub, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${at}/git/commits/${commit.sha}`,
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.treeSha, url: `${at}/git/trees/${commit.treeSha}` },
      verification: { verified: false, reason: 'unsigned', payload: null, signature: null, verified_at: null },
    },
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${at}/commits/${sha}`,
      html_url: `${htmlUrl(hub, repository)}/commit/${sha}`,
    })),
  };
}

/** As webhooks have it. */
export function simpleCommitJson(commit: CommitFacts): Json {
  return {
    id: commit.sha,
    tree_id: commit.treeSha,
    message: commit.message,
    timestamp: commit.committer.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

export function changedFileJson(hub: Hub, repository: Repository, sha: string, file: ChangedFile): Json {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.blobSha,
    filename: file.path,
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlUrl(hub, repository)}/blob/${sha}/${path}`,
    raw_url: `${htmlUrl(hub, repository)}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(hub, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
  };
}

export function refJson(hub: Hub, repository: Repository, ref: string, sha: string): Json {
  const at = repositoryUrl(hub, repository);
  return {
    ref,
    node_id: nodeId('REF', Number.parseInt(shaOf(ref).slice(0, 8), 16)),
    url: `${at}/git/${ref}`,
    object: { type: 'commit', sha, url: `${at}/git/commits/${sha}` },
  };
}

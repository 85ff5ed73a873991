import { countCommits, mergeBase, readCommit, readCommits } from '../../git/read-commits.ts';
import { readChanges } from '../../git/read-changes.ts';
import { resolveCommit } from '../../git/refs.ts';
import { git, tryGit } from '../../git/run-git.ts';
import { htmlUrl, repositoryUrl } from '../../hub/hub.ts';
import type { Json } from '../../hub/json.ts';
import { notFound, Refusal } from '../../hub/refusal.ts';
import { changedFileJson, commitJson } from '../../json/commits.ts';
import { ok, page, read } from '../route.ts';
import type { RepositoryCall, Routes } from '../route.ts';

/** GitHub sends the content of a file up to 1 MB in this way, and an empty text for larger ones. */
const CONTENT_LIMIT_BYTES = 1_000_000;

export const CONTENTS: Routes = {
  'repos/get-content': read('contents', async (call) => {
    const { repository, parameters, query } = call;
    const sha = await resolveCommit(repository.folder, query.ref ?? repository.defaultBranch);
    if (sha === null) throw new Refusal(404, `No commit found for the ref ${query.ref}`);
    const path = (parameters.path ?? '').replace(/^\/+|\/+$/g, '');
    const lines = path === '' ? [] : await entries(repository.folder, sha, path);
    const [own] = lines;
    if (path !== '' && own === undefined) throw notFound();
    if (own?.type === 'blob') return ok(await fileJson(call, sha, own));
    if (own?.type === 'commit') return ok(entryJson(call, sha, own));
    return ok(
      (await entries(repository.folder, sha, path === '' ? '' : `${path}/`)).map((one) => entryJson(call, sha, one)),
    );
  }),
  'repos/get-commit': read('contents', async (call) => {
    const { hub, repository, parameters } = call;
    const sha = await resolveCommit(repository.folder, parameters.ref ?? '');
    if (sha === null) throw new Refusal(422, `No commit found for SHA: ${parameters.ref}`);
    const commit = await readCommit(repository.folder, sha);
    const [parent] = commit.parents;
    const files = parent === undefined ? [] : await readChanges(repository.folder, parent, sha);
    const additions = files.reduce((total, one) => total + one.additions, 0);
    const deletions = files.reduce((total, one) => total + one.deletions, 0);
    return ok({
      ...commitJson(hub, repository, commit),
      stats: { additions, deletions, total: additions + deletions },
      files: files.map((file) => changedFileJson(hub, repository, sha, file)),
    });
  }),
  'repos/list-commits': read('contents', async (call) => {
    const { repository, query } = call;
    const sha = await resolveCommit(repository.folder, query.sha ?? repository.defaultBranch);
    if (sha === null) throw notFound();
    const commits = (await readCommits(repository.folder, [sha])).toReversed();
    return page(call, commits, (commit) => commitJson(call.hub, repository, commit));
  }),
  'repos/compare-commits-with-basehead': read('contents', async ({ hub, repository, parameters }) => {
    const { folder } = repository;
    const [baseName = '', headName = ''] = (parameters.basehead ?? '').split('...');
    const [base, head] = await Promise.all([resolveCommit(folder, baseName), resolveCommit(folder, headName)]);
    const common = base === null || head === null ? null : await mergeBase(folder, base, head);
    if (base === null || head === null || common === null) throw notFound();
    const [ahead, behind, commits, files] = await Promise.all([
      countCommits(folder, `${base}..${head}`),
      countCommits(folder, `${head}..${base}`),
      readCommits(folder, [`${base}..${head}`]),
      readChanges(folder, common, head),
    ]);
    const page = `${htmlUrl(hub, repository)}/compare/${baseName}...${headName}`;
    const describe = async (sha: string) => commitJson(hub, repository, await readCommit(folder, sha));
    return ok({
      url: `${repositoryUrl(hub, repository)}/compare/${baseName}...${headName}`,
      html_url: page,
      permalink_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: await describe(base),
      merge_base_commit: await describe(common),
      status: ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: commits.slice(-250).map((commit) => commitJson(hub, repository, commit)),
      files: files.slice(0, 300).map((file) => changedFileJson(hub, repository, head, file)),
    });
  }),
};

interface Entry {
  mode: string;
  type: string;
  sha: string;
  size: number;
  path: string;
}

async function entries(folder: string, sha: string, path: string): Promise<Entry[]> {
  const text = await git(folder, ['ls-tree', '-z', '--long', sha, ...(path === '' ? [] : ['--', path])]);
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const [facts = '', name = ''] = line.split('\t');
      const [mode = '', type = '', blob = '', size = ''] = facts.split(/ +/);
      return { mode, type, sha: blob, size: Number(size) || 0, path: name };
    });
}

function entryJson({ hub, repository }: RepositoryCall, sha: string, entry: Entry): Json {
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const at = repositoryUrl(hub, repository);
  const type = entry.type === 'tree' ? 'dir' : entry.type === 'commit' ? 'submodule' : 'file';
  const url = `${at}/contents/${path}?ref=${sha}`;
  const git_url = `${at}/git/${type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  const html_url = `${htmlUrl(hub, repository)}/${type === 'dir' ? 'tree' : 'blob'}/${sha}/${path}`;
  return {
    type,
    size: entry.size,
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    url,
    git_url,
    html_url,
    download_url: type === 'file' ? `${htmlUrl(hub, repository)}/raw/${sha}/${path}` : null,
    ...(type === 'submodule' ? { submodule_git_url: 'https://example.com/part.git' } : {}),
    _links: { self: url, git: git_url, html: html_url },
  };
}

async function fileJson(call: RepositoryCall, sha: string, entry: Entry): Promise<Json> {
  const { stdout } = await tryGit(call.repository.folder, ['cat-file', 'blob', entry.sha]);
  const isLarge = stdout.length > CONTENT_LIMIT_BYTES;
  const lines = stdout.toString('base64').replace(/(.{60})/g, '$1\n');
  return {
    ...entryJson(call, sha, entry),
    encoding: isLarge ? 'none' : 'base64',
    content: isLarge ? '' : `${lines}\n`,
  };
}

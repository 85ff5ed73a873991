import { git, tryGit } from './run-git.ts';

export interface CommitFacts {
  sha: string;
  treeSha: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

export interface Signature {
  name: string;
  email: string;
  /** ISO 8601. */
  date: string;
}

const FORMAT = '--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01';

/** Oldest first, as GitHub lists a pull request's. `range` is `main..topic` or such. */
export async function readCommits(folder: string, range: readonly string[]): Promise<CommitFacts[]> {
  const text = await git(folder, ['log', '--reverse', '--topo-order', FORMAT, ...range, '--']);
  return text
    .split('\u0001')
    .map((one) => one.replace(/^\n/, '').split('\0'))
    .filter((fields) => fields.length === 10)
    .map(commitFacts);
}

export async function readCommit(folder: string, sha: string): Promise<CommitFacts> {
  const [commit] = await readCommits(folder, ['--no-walk', sha]);
  if (commit === undefined) throw new Error(`There is no commit ${sha}.`);
  return commit;
}

function commitFacts(fields: string[]): CommitFacts {
  const [sha = '', treeSha = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
    fields;
  return {
    sha,
    treeSha,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
    message: message.trimEnd(),
  };
}

export async function mergeBase(folder: string, one: string, other: string): Promise<string | null> {
  const { code, stdout } = await tryGit(folder, ['merge-base', one, other]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

export async function countCommits(folder: string, range: string): Promise<number> {
  return Number(await git(folder, ['rev-list', '--count', range, '--']));
}

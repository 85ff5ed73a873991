import { FactoryError } from '#src/errors.ts';

/** A repository on GitHub. Kept as the path `github:OWNER/NAME`. */
export interface RepositoryName {
  owner: string;
  name: string;
}

const PREFIX = 'github:';
/** Letters, digits and hyphens, at most 39: https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam */
const OWNER = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/;
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

export function isOnGitHub(path: string): boolean {
  return path.startsWith(PREFIX);
}

export function pathOf({ owner, name }: RepositoryName): string {
  return `${PREFIX}${owner}/${name}`;
}

/** A path as it is kept. FactoryError `repo-not-found` for one that names no repository. */
export function repositoryAt(path: string): RepositoryName {
  const found = isOnGitHub(path) ? ownerAndName(path.slice(PREFIX.length)) : null;
  if (found !== null) return found;
  throw new FactoryError('repo-not-found', `"${path.slice(0, 200)}" names no repository on GitHub.`, {
    fix: 'Write it as github:OWNER/NAME.',
  });
}

/** What a person typed: the kept path, `OWNER/NAME`, or the address of its page or clone. null: none of these. */
export function readRepositoryName(typed: string, webUrl: string): RepositoryName | null {
  const text = typed.trim();
  const beginning = [PREFIX, `${webUrl}/`].find((start) => text.startsWith(start)) ?? '';
  return ownerAndName(
    text
      .slice(beginning.length)
      .replace(/\/$/, '')
      .replace(/\.git$/, ''),
  );
}

function ownerAndName(text: string): RepositoryName | null {
  const [owner = '', name = '', ...more] = text.split('/');
  return OWNER.test(owner) && NAME.test(name) && more.length === 0 ? { owner, name } : null;
}

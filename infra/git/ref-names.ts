import { FactoryError } from '#src/errors.ts';

/** What may be said to git. Everything that is not spelled by one of these patterns is refused before git is started. */

const SHA = /^[0-9a-f]{40}$/;
const ZERO = '0'.repeat(40);
/** Ends up as a folder name, so: no dots, no separators. UUIDs fit. */
const REPOSITORY_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;
/**
 * Letters and digits of any script, and `. _ / + @ -` between them. Git allows more (spaces of other scripts, shell
 * words, bidi controls), which reads as one thing to a person and as another to a program.
 */
const BRANCH = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._/+@-]{0,199}$/u;

export function isSha(value: string): boolean {
  return SHA.test(value) && value !== ZERO;
}

/** True for a branch name that the factory is willing to read; what it may *write* is `isFactoryBranch`. */
export function isReadableBranch(name: string): boolean {
  if (!BRANCH.test(name) || name === 'HEAD') return false;
  return name
    .split('/')
    .every(
      (part) =>
        part !== '' && !part.startsWith('.') && !part.endsWith('.') && !part.endsWith('.lock') && !part.includes('..'),
    );
}

/** True for a full ref name (`refs/…`) whose every part would do in a branch name. */
export function isReadableRef(name: string): boolean {
  return name.startsWith('refs/') && isReadableBranch(name);
}

export function requireSha(value: string, what: string): string {
  if (!isSha(value)) {
    throw new FactoryError(
      'sha-refused',
      `${what} must be a full commit id of 40 hexadecimal digits, not ${quoted(value)}.`,
      {
        fix: 'Look the commit up with `git rev-parse` and pass its full id.',
      },
    );
  }
  return value;
}

export function requireReadableBranch(name: string): string {
  if (!isReadableBranch(name)) {
    throw new FactoryError(
      'base-refused',
      `The branch name ${quoted(name)} holds characters that the factory does not pass to git.`,
      {
        fix: 'Use a branch whose name has only letters, digits and . _ / + @ - in it.',
      },
    );
  }
  return name;
}

export function requireRepositoryId(id: string): string {
  if (!REPOSITORY_ID.test(id)) {
    throw new FactoryError(
      'repository-id-refused',
      `A repository id may hold letters, digits, _ and - only, not ${quoted(id)}.`,
      {
        fix: 'Use the id that the factory gave the repository.',
      },
    );
  }
  return id;
}

/** For messages: hidden and control characters become visible escapes, long text is cut. */
export function quoted(text: string): string {
  const visible = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${visible.length > 120 ? `${visible.slice(0, 120)}…` : visible}"`;
}

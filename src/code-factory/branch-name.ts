import { FactoryError } from '../errors.ts';

/** Longest branch name that the factory makes; leaves room in terminals, cards and file systems. */
const MAX_CHARS = 60;

/**
 * The only names that the factory may create, move or push: `factory/<task number>-<slug>`. Git itself allows far
 * more (`x$(id)`, ideographic spaces, bidi controls); whatever is not spelled by this pattern never reaches git.
 */
const FACTORY_BRANCH = /^factory\/[1-9][0-9]{0,8}-[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Letters that Unicode decomposition leaves alone, spelled the way people usually do in ASCII. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

export function isFactoryBranch(name: string): boolean {
  return name.length <= MAX_CHARS && FACTORY_BRANCH.test(name);
}

/** `factory/<number>-<slug>`: ASCII, lower case, at most 60 characters, cut between words where there are any. */
export function branchName(task: { number: number; title: string }): string {
  if (!Number.isInteger(task.number) || task.number < 1 || task.number > 999_999_999) {
    throw new FactoryError(
      'branch-refused',
      `A task number must be a whole number from 1 to 999999999, not ${task.number}.`,
      {
        fix: 'Give the task a number before asking for its branch.',
      },
    );
  }
  const prefix = `factory/${task.number}-`;
  return prefix + slug(task.title, MAX_CHARS - prefix.length);
}

function slug(title: string, maxChars: number): string {
  const words = title
    .toLowerCase()
    .replace(/[ßæœøđðþłı]/g, (letter) => SPELLINGS[letter] ?? '')
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let result = '';
  for (const word of words) {
    const longer = result === '' ? word : `${result}-${word}`;
    if (longer.length > maxChars) break;
    result = longer;
  }
  return result || (words[0] ?? 'task').slice(0, maxChars);
}

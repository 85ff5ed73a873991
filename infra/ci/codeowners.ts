import { matchesProtected } from '#src/qa/protected-paths.ts';

/** GitHub takes the first that is there. https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners */
export const CODEOWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

/** What decides how the factory's work is checked and approved, with a file that each would own. */
const OWNED = [
  { pattern: '/factory.yaml', sample: 'factory.yaml' },
  { pattern: '/factory/', sample: 'factory/context/project-context.json' },
  { pattern: '/.github/', sample: '.github/workflows/any.yml' },
] as const;

export interface OwnersProposal {
  /** null: nothing is to be added. */
  text: string | null;
  /** A sentence each on what was found and what would be added. */
  said: string[];
}

/**
 * Owners for what the factory obeys. The last line that fits a path decides who owns it, so new lines go to the top,
 * where they take a path from nobody; and what has an owner, or was said to have none, gets no line.
 */
export function proposeOwners(path: string, existing: string | null, owners: readonly string[]): OwnersProposal {
  const rules = (existing ?? '').split(/\r?\n/).map((line, index) => ({ pattern: firstWord(line), line: index + 1 }));
  const said: string[] = [];
  const added: string[] = [];
  for (const { pattern, sample } of OWNED) {
    const rule = rules.findLast((one) => covers(one.pattern, sample));
    if (rule !== undefined) said.push(`${path} decides about ${pattern} in line ${rule.line} already; that stays.`);
    else if (owners.length > 0) {
      added.push(`${pattern} ${owners.join(' ')}`);
      said.push(`${path} gets the line "${pattern} ${owners.join(' ')}".`);
    } else {
      said.push(`${pattern} has no owner in ${path}: name people with write access by --owners LOGIN,LOGIN.`);
    }
  }
  return { text: added.length === 0 ? null : `${added.join('\n')}\n${existing ?? ''}`, said };
}

/** As an ignore file, but for a star at the end: there it covers files of that folder and none in folders below it. */
function covers(pattern: string, path: string): boolean {
  if (pattern === '' || !matchesProtected(path, [pattern])) return false;
  const depth = (text: string) => text.split('/').filter((part) => part !== '').length;
  return !pattern.endsWith('/*') || depth(pattern) === depth(path);
}

function firstWord(line: string): string {
  const [word = ''] = line.trim().split(/\s+/);
  return word.startsWith('#') ? '' : word;
}

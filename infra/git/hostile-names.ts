/** File names that read as one thing and act as another. Judged at import; `$(…)` and the like are harmless in argument lists. */

/** Characters that HFS+ leaves out when it compares names, so that `.g<U+200C>it` opens `.git` (git's own `is_hfs_dotgit`). */
const IGNORED_BY_FILE_SYSTEMS = /[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
/** Unicode Bidi_Control (UAX #9): they turn the order of what is shown around. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Shown as nothing. The joiners U+200C and U+200D stay allowed: scripts and emoji need them. */
const INVISIBLE = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/u;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** Why a path is refused, or null. The path is as git stores it, or null when its bytes are not UTF-8. */
export function hostileName(path: string | null): string | null {
  if (path === null) return 'its name is not valid UTF-8';
  if (CONTROL.test(path)) return 'its name holds control characters or line breaks';
  if (BIDI.test(path)) return 'its name holds characters that turn the reading direction';
  if (INVISIBLE.test(path)) return 'its name holds invisible characters';
  if (path.includes('\\')) return 'its name holds a backslash, which some systems read as a folder';
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'its name climbs out of the repository';
    if (meansGitDirectory(part)) return 'its name is read as .git on some systems';
  }
  return null;
}

/** True for `.git` and what a case-blind, NTFS or HFS+ file system takes for it (git's `is_ntfs_dotgit`, `is_hfs_dotgit`). */
function meansGitDirectory(part: string): boolean {
  const plain = foldCase(part.replace(IGNORED_BY_FILE_SYSTEMS, ''))
    .replace(/:.*$/s, '')
    .replace(/[ .]+$/, '');
  return plain === '.git' || plain === 'git~1';
}

/** Names that fold to the same text are one file on a case-blind file system. */
export function foldCase(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase();
}

/**
 * Groups of spellings in a tree that are one name on a case-blind file system, folders included, when one of them was
 * touched: `Readme` beside `README` loses one of them, `A/x` beside a link `a` writes elsewhere.
 */
export function caseCollisions(allPaths: Iterable<string>, touched: ReadonlySet<string>): string[][] {
  const spellings = new Map<string, Set<string>>();
  for (const path of allPaths) {
    for (const prefix of prefixesOf(path)) {
      const folded = foldCase(prefix);
      const known = spellings.get(folded);
      if (known) known.add(prefix);
      else spellings.set(folded, new Set([prefix]));
    }
  }
  const touchedNames = new Set([...touched].flatMap(prefixesOf));
  const groups = [...spellings.values()].filter(
    (group) => group.size > 1 && [...group].some((name) => touchedNames.has(name)),
  );
  return groups.map((group) => [...group].sort());
}

function prefixesOf(path: string): string[] {
  const prefixes: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
    prefixes.push(path.slice(0, slash));
  return [...prefixes, path];
}

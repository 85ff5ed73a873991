const TEST_FOLDER = /(^|\/)(tests?|specs?|__tests__)\//;
const TEST_NAME = /(^test_|^test-|[._-](test|spec)s?$|_(test|spec)$|(Tests?|Spec)$)/;
/** With more candidates of the same name, only those that lie nearest. */
const MAX_PAIRS = 2;

export function isTestPath(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_NAME.test(nameOf(path));
}

/** Tests of a source file and sources of a test, told by their names: `src/a/word.ts` and `test/a/word.test.ts`. */
export function pairTests(paths: Iterable<string>): (path: string) => readonly string[] {
  const byStem = new Map<string, { tests: string[]; sources: string[] }>();
  for (const path of paths) {
    const stem = stemOf(path);
    if (stem.length < 2) continue;
    const group = byStem.get(stem) ?? { tests: [], sources: [] };
    (isTestPath(path) ? group.tests : group.sources).push(path);
    byStem.set(stem, group);
  }
  return (path) => {
    const group = byStem.get(stemOf(path));
    if (!group) return [];
    const others = isTestPath(path) ? group.sources : group.tests;
    const near = (other: string) => sharedFolders(path, other);
    return others.toSorted((a, b) => near(b) - near(a) || (a < b ? -1 : 1)).slice(0, MAX_PAIRS);
  };
}

function stemOf(path: string): string {
  return nameOf(path)
    .replace(/^(test_|test-)/, '')
    .replace(TEST_NAME, '')
    .toLowerCase();
}

/** The file's name without its ending. */
function nameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.', 1) ? name.slice(0, name.lastIndexOf('.')) : name;
}

function sharedFolders(a: string, b: string): number {
  const folders = new Set(a.split('/').slice(0, -1));
  return b
    .split('/')
    .slice(0, -1)
    .filter((folder) => folders.has(folder)).length;
}

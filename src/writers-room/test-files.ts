const testFolder = /(?:^|\/)(?:tests?|__tests__|specs?|e2e)\//i;
const testName =
  /(?:[._-](?:test|tests|spec)\.[a-z]+$)|(?:^|\/)(?:test_[^/]+\.py|tests?\.(?:py|js|mjs|cjs|ts|rb|go)|conftest\.py)$|(?:Test|Tests|Spec)\.(?:java|kt|cs|swift|scala|php)$/;
const testImport =
  /^\+?\s*(?:import\b[^\n]*\bfrom\s*|import\s*|(?:const|let|var)\b[^\n]*=\s*require\(\s*)['"](?:node:test|vitest|@jest\/globals|ava|tape|mocha|uvu|bun:test)['"]|^\+?\s*(?:import|from)\s+(?:pytest|unittest)\b|^\+?\s*import\s+(?:\(\s*)?"testing"/m;
const testCall = /^\+?\s*(?:describe|it|test)(?:\.\w+)?\(\s*['"`]/m;
const codeFile = /\.(?:[cm]?[jt]sx?|py|go|rb)$/i;

/** Whether a file is a test: by its path, else by what it imports. `content` may be a unified diff. */
export function isTestFile(path: string, content: string): boolean {
  if (testName.test(path)) return true;
  if (testFolder.test(path)) return true;
  return codeFile.test(path) && (testImport.test(content) || testCall.test(content));
}

const caseNames: RegExp[] = [
  /\b(?:it|test|specify)(?:\.(?:only|each\([^)]*\)))?\(\s*(?:'((?:[^'\\\n]|\\.)+)'|"((?:[^"\\\n]|\\.)+)"|`((?:[^`\\\n]|\\.)+)`)/g,
  /^\+?\s*(?:async\s+)?def\s+(test_\w+)\s*\(/gm,
  /^\+?func\s+(Test\w+)\s*\(/gm,
];

/** Names of the test cases in a test file, in the order in which they stand, as their runner would print them. */
export function findTestNames(content: string): string[] {
  const found: { at: number; name: string }[] = [];
  const added = content.replaceAll(/^-(?!--).*$/gm, '');
  for (const pattern of caseNames) {
    for (const match of added.matchAll(pattern)) {
      const name = (match[1] ?? match[2] ?? match[3] ?? '').replaceAll(/\\(['"`])/g, '$1').trim();
      if (name !== '' && !name.includes('${')) found.push({ at: match.index, name });
    }
  }
  found.sort((left, right) => left.at - right.at);
  return [...new Set(found.map((entry) => entry.name))];
}

/** A test's name as a sentence: `test_empty_title` and `TestEmptyTitle` become "empty title". */
export function readableTestName(name: string): string {
  if (/^test_\w+$/.test(name)) return name.slice(5).replaceAll('_', ' ').trim() || name;
  if (/^Test[A-Z]\w*$/.test(name))
    return name
      .slice(4)
      .replaceAll('_', ' ')
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .trim();
  return name;
}

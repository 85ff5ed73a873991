import type { FileLines } from './diff-lines.ts';

/** Words of the usual test libraries. What a test asks for in other words is not counted. */
const ASSERTION =
  /\b(?:expect|assert\w*|should|require\.\w+|verify|t\.(?:is|not|deepEqual|true|false|throws|ok|equal|Error|Errorf|Fatal|Fatalf)|self\.assert\w+|pytest\.raises)\b|\bassert(?:_\w+)?!\(/;
const CASE = /^\s*(?:(?:it|test|specify)(?:\.\w+)*\(|(?:async\s+)?def\s+test|func\s+Test|#\[(?:\w+::)?test\]|@Test\b)/;
const COMMENT = /^\s*(?:\/\/|#(?!\[)|\*|\/\*|--)/;

/**
 * Test files that ask for less than before, by a count of their lines: one note a file. It sees that assertions went
 * missing or became comments, not that one was replaced by a weaker one.
 */
export function noteLostAssertions(files: readonly FileLines[], isTest: (path: string) => boolean): string[] {
  return files
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, added, removed }) => {
      const lost = (what: RegExp) => countOf(removed, what) - countOf(added, what);
      const said = [told(lost(CASE), 'test'), told(lost(ASSERTION), 'assertion')].filter((words) => words !== null);
      return said.length === 0 ? [] : [`${path}: ${said.join(' and ')} than before.`];
    });
}

function countOf(lines: FileLines['added'], what: RegExp): number {
  return lines.filter(({ text }) => !COMMENT.test(text) && what.test(text)).length;
}

function told(lost: number, thing: string): string | null {
  return lost <= 0 ? null : `${lost} ${thing}${lost === 1 ? '' : 's'} fewer`;
}

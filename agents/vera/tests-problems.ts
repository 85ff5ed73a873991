import * as z from 'zod';
import type { ScopePacket } from '#src/packets/scope.ts';
import type { FileContents } from '../tools/commit-files.ts';

/** What Vera's model may answer once its tests are written. */
export const TestsAnswer = z.strictObject({
  testFiles: z.array(z.string()),
  coversCriteria: z.array(z.string()),
  notes: z.array(z.string()),
});
export type TestsAnswer = z.infer<typeof TestsAnswer>;

const MAX_TEST_FILES = 20;

interface TestsGround {
  /** By its tools; what a check left in the tree is nobody's work. */
  written: FileContents;
  /** The paths of the base. */
  basePaths: ReadonlySet<string>;
  /** Why a path may not be written; null: it may. */
  mayEdit(path: string): string | null;
  criteria: ScopePacket['criteria'];
}

/** What is wrong with the tests, by what was really written. */
export function testsProblems(answer: TestsAnswer, { written, basePaths, mayEdit, criteria }: TestsGround): string[] {
  const ids = new Set(criteria.map(({ id }) => id));
  return [
    ...(written.size === 0 ? ['No test file was written. Write them with your tools first.'] : []),
    ...(answer.testFiles.length === 0 && written.size > 0 ? ['Name the test files that you wrote.'] : []),
    ...(answer.testFiles.length > MAX_TEST_FILES ? [`At most ${MAX_TEST_FILES} test files.`] : []),
    ...answer.testFiles
      .filter((path) => !written.has(path))
      .map((path) => `${quote(path)} is named and was not written. ${mayEdit(path) ?? ''}`.trim()),
    ...[...written.keys()]
      .filter((path) => basePaths.has(path) && !answer.testFiles.includes(path))
      .map((path) => `${quote(path)} was changed and is not named under testFiles.`),
    ...answer.coversCriteria
      .filter((id) => !ids.has(id))
      .map((id) => `There is no criterion ${quote(id)}; there are ${[...ids].join(', ')}.`),
    ...(answer.coversCriteria.length === 0 ? ['Say which criteria the tests cover.'] : []),
  ];
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

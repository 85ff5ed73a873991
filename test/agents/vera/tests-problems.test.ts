import { expect, it } from 'vitest';
import { refuseTestPath } from '#agents/vera/test-paths.ts';
import { testsProblems } from '#agents/vera/tests-problems.ts';

const criteria = [{ id: 'c1', text: 'It greets.', evidence: [0] }];
const mayEdit = (path: string) => refuseTestPath(path, { tests: [], protectedAreas: [] });

const written = new Map([
  ['test/add.test.js', new Uint8Array()],
  ['test/new one.test.js', new Uint8Array()],
]);
const problemsOf = (testFiles: string[], basePaths: ReadonlySet<string> = new Set()) =>
  testsProblems({ testFiles, coversCriteria: ['c1'], notes: [] }, { written, basePaths, mayEdit, criteria });

it('what was not written with a tool is not taken, whatever lies in the tree (A28)', () => {
  expect(problemsOf([...written.keys()])).toEqual([]);
  expect(problemsOf(['test/new one.test.js', 'test/by-a-check.test.js', 'src/add.js'])).toEqual([
    '"test/by-a-check.test.js" is named and was not written.',
    '"src/add.js" is named and was not written. Only test files may be written here; its path does not say that it is one.',
  ]);
});

it('an existing test that was changed has to be named', () => {
  expect(problemsOf(['test/new one.test.js'], new Set(['test/add.test.js']))).toEqual([
    '"test/add.test.js" was changed and is not named under testFiles.',
  ]);
});

it.each([
  ['test/greet.test.js', true],
  ['src/greet.spec.ts', true],
  ['tests/test_greet.py', true],
  ['test/fixtures/names.json', true],
  ['src/greet.js', false],
  ['package.json', false],
  ['test/package.json', false],
  ['test/vitest.config.ts', false],
  ['vitest.setup.test.yml', false],
  ['tests/conftest.py', false],
  ['test/.mocharc.json', false],
  ['tsconfig.test.json', false],
  ['test/run.sh', false],
])('whether Vera may write %s: %s', (path, allowed) => {
  expect(mayEdit(path) === null).toBe(allowed);
});

it('the plan may name a test whose path does not say so; a protected one stays refused', () => {
  expect(refuseTestPath('checks/greet.js', { tests: ['checks/greet.js'], protectedAreas: [] })).toBeNull();
  expect(refuseTestPath('test/a.test.js', { tests: [], protectedAreas: ['test/**'] })).toContain('protected');
});

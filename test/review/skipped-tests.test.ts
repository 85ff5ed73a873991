import { expect, it } from 'vitest';
import { readDiffLines } from '#src/review/diff-lines.ts';
import { noteSkippedTests } from '#src/review/skipped-tests.ts';

const diff = (path: string, ...lines: string[]) =>
  readDiffLines(`--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n${lines.join('\n')}\n`);

it.each([
  ['test/a.test.js', "+it.skip('adds', () => {});", 'it.skip'],
  ['test/a.test.js', "+  describe.only('one', () => {});", 'describe.only'],
  ['test/a.test.js', "+test('adds', { skip: true }, () => {});", 'skip: true'],
  ['tests/test_a.py', '+@pytest.mark.skip(reason="later")', '@pytest.mark.skip'],
  ['a_test.go', '+\tt.Skip("later")', 't.Skip('],
  ['src/lib.rs', '+    #[ignore]', '#[ignore'],
])('a change of %s that sets tests aside is told to the reviewer (A28)', (path, line, how) => {
  expect(noteSkippedTests(diff(path, ' first', line))).toEqual([`${path}: sets tests aside (\`${how}\`).`]);
});

it('only what is added counts, once a file', () => {
  expect(noteSkippedTests(diff('test/a.test.js', "-it.skip('a')", " it.skip('b')", '+omit.skipped = 1'))).toEqual([]);
  expect(noteSkippedTests(diff('test/a.test.js', "+it.skip('a')", "+it.only('b')"))).toHaveLength(1);
});

import { editsOf } from '#src/backlog/task-brief.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';

/** One line for the next run: which tests came with these files. The conversation's own edits tell tests that paths hide. */
export function whatToRemember(brief: TaskBrief, files: readonly string[]): string {
  const edits = editsOf(brief);
  const tests = files.filter(
    (file) => isTestFile(file, '') || edits.some(({ path, isTest }) => path === file && isTest),
  );
  return tests.length === 0
    ? `Remember: no tests came with it; ask for tests when ${files[0] ?? 'it'} changes again.`
    : `Remember: its tests are ${tests.join(', ')}.`;
}

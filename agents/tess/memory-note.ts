import { editsOf } from '#src/backlog/task-brief.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { Task } from '#src/code-factory/task.ts';
import { whatToRemember } from '../tools/what-to-remember.ts';

/**
 * Two lines: what changed, and what the next run should remember. `built`: the files of the build that was merged; the
 * conversation's own edits tell which of them are tests where a path alone does not.
 */
export function writeMemoryNote(task: Task, brief: TaskBrief, mergedSha: string, built: readonly string[]): string {
  const edits = editsOf(brief);
  const files = [...new Set([...built, ...edits.map((edit) => edit.path)])];
  const touched =
    files.length === 0
      ? 'no file by name'
      : `${files.slice(0, 5).join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}`;
  const changed = `Changed: "${brief.title}" touched ${touched}; merged as ${mergedSha.slice(0, 7)} after ${task.attempt === 1 ? 'one attempt' : `${task.attempt} attempts`}.`;
  return `${changed}\n${whatToRemember(brief, files)}\n`;
}

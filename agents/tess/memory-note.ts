import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { Task } from '#src/code-factory/task.ts';

/** Two lines: what changed, and what the next run should remember. */
export function writeMemoryNote(task: Task, brief: TaskBrief, mergedSha: string): string {
  const files = [...new Set(brief.changeSet.edits.map((edit) => edit.path))];
  const changed = `Changed: "${brief.title}" touched ${files.slice(0, 5).join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}; merged as ${mergedSha.slice(0, 7)} after ${task.attempt === 1 ? 'one attempt' : `${task.attempt} attempts`}.`;
  const untested = !brief.changeSet.edits.some((edit) => edit.isTest);
  const remember = untested
    ? `Remember: no tests came with it; ask for tests when ${files[0] ?? 'it'} changes again.`
    : `Remember: its tests are ${files.filter((file) => brief.changeSet.edits.some((edit) => edit.path === file && edit.isTest)).join(', ')}.`;
  return `${changed}\n${remember}\n`;
}

import { ChangeSetContent, TaskBrief } from '#src/backlog/task-brief.ts';
import type { BriefEdit } from '#src/backlog/task-brief.ts';
import type { StepContext } from '#src/code-factory/step.ts';

/** The task's brief, with the change set that a person pasted later in place of the story's own. */
export async function readBrief({ task, artifact }: Pick<StepContext, 'task' | 'artifact'>): Promise<TaskBrief> {
  const brief = TaskBrief.parse(await artifact(task.artifacts.brief));
  if (task.artifacts.revision === null) return brief;
  return { ...brief, changeSet: ChangeSetContent.parse(await artifact(task.artifacts.revision)) };
}

/** Where an edit comes from: a message of the conversation, or what somebody pasted later. */
export function creditForEdit(brief: TaskBrief, edit: BriefEdit): string {
  return edit.pastedBy === undefined
    ? creditFor(brief, edit.position)
    : `what ${edit.pastedBy} pasted in the task's thread`;
}

/** "message 4 by ChatGPT", for credits and explanations; positions are 0-based inside, 1-based for people. */
export function creditFor(brief: TaskBrief, position: number): string {
  return `message ${position + 1} by ${brief.speakers[String(position)] ?? 'someone'}`;
}

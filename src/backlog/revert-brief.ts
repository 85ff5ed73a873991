import { compileFeature } from '#src/writers-room/gherkin.ts';
import type { RevertedTask, TaskBrief } from './task-brief.ts';

/** The smallest there is: git does the work, and people look at it. */
export const REVERT_POINTS = 1;

export interface RevertToBrief {
  conversationId: string;
  conversationTitle: string;
  /** The task that is taken back. */
  reverted: RevertedTask;
  /** The one that it had taken back itself, which stands again then; null: it is a story's own. */
  restored: { number: number; title: string } | null;
}

/** What the line needs to know of a task that takes a merged one back. It quotes nobody, and holds no code. */
export function writeRevertBrief(revert: RevertToBrief): TaskBrief {
  const { conversationId, conversationTitle, reverted, restored } = revert;
  const [task, commit] = [`task ${reverted.number}`, reverted.mergedSha.slice(0, 7)];
  const title = restored === null ? `Revert "${reverted.title}"` : `Reapply "${restored.title}"`;
  const narrative =
    restored === null
      ? `Takes back what ${task} merged as ${commit}.`
      : `Brings back what task ${restored.number} merged, which ${task} took back as ${commit}.`;
  const criterion = {
    id: 'c1',
    text: `What ${task} changed is undone, and nothing else.`,
    given: [`what ${task} merged`],
    when: ['it is taken back'],
    then: ['its changes are undone, and nothing that came later is'],
  };
  return {
    title,
    narrative,
    points: REVERT_POINTS,
    conversationId,
    conversationTitle,
    evidence: [],
    criteria: [{ ...criterion, evidence: [] }],
    gherkin: compileFeature({ title, narrative, criteria: [criterion] }),
    constraints: [],
    openQuestions: [],
    speakers: {},
    changeSet: null,
    reverts: reverted,
  };
}

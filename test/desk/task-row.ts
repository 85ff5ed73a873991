import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { AT, HEAD } from '#test/code-factory/life.ts';

/** A task that is being built; cards are drawn from it and from what differs. */
export const taskRow: StoryTaskRow = {
  id: 'task',
  projectId: 'project',
  conversationId: 'talk',
  storyId: 'story',
  sprintId: 'sprint',
  repoId: 'repo',
  number: 4,
  title: 'Greet by name',
  points: 3,
  dependsOn: [],
  requester: 'ada',
  state: 'locked',
  paused: false,
  assigneeAgent: 'ollan',
  attempt: 1,
  runId: 'run',
  branch: 'factory/4-greet-by-name',
  headSha: HEAD,
  mergedSha: null,
  reverts: null,
  revertedBy: null,
  waitingKind: null,
  waitingWho: null,
  waitingText: null,
  createdAt: AT,
  updatedAt: AT,
  endedAt: null,
};

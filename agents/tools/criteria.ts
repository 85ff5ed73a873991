import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { ScopePacket } from '#src/packets/scope.ts';

/** All that the work is judged by: the story's criteria, and those that Piper added to its scope. */
export function allCriteria(brief: TaskBrief, scope: Pick<ScopePacket, 'criteria'>): TaskBrief['criteria'] {
  const own = new Set(brief.criteria.map(({ id }) => id));
  const added = scope.criteria.filter(({ id }) => !own.has(id));
  return [...brief.criteria, ...added.map((criterion) => ({ ...criterion, given: [], when: [], then: [] }))];
}

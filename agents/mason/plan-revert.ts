import type { RevertedTask } from '#src/backlog/task-brief.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';
import { ROLLBACK } from './plan-change.ts';
import type { PlanContent } from './plan-content.ts';

/** The plan that takes a merged change back: the files that it touched, each the other way round. */
export function planRevert(
  { number, mergedSha }: RevertedTask,
  scope: Pick<ScopePacket, 'criteria'>,
  landed: Pick<DiffFacts, 'files'>,
): PlanContent {
  const files = landed.files.map(({ path }) => path);
  return {
    steps: [
      { text: `Take back what task ${number} merged as ${mergedSha.slice(0, 7)}, and nothing that came later.`, files },
      { text: "Run the repository's own checks and compare them with the base.", files: [] },
    ],
    fileTargets: landed.files.map(({ path, status }) => ({
      path,
      action: status === 'added' ? 'delete' : status === 'deleted' ? 'create' : 'edit',
      why: `Task ${number} ${status} it.`,
      evidence: [],
    })),
    criteriaCovered: scope.criteria.map(({ id }) => id),
    tests: files.filter((path) => isTestFile(path, '')),
    docs: [],
    risks: ['Work that came later may build on it; the checks tell, as far as they go.'],
    rollback: ROLLBACK,
    packArtifact: null,
  };
}

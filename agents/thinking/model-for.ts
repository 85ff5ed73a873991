import { mayThink } from '#src/code-factory/create-thinking.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import type { Clock } from '#src/ports/clock.ts';
import { rulesAt } from '../tools/repository.ts';

/** How long a repository's word on models is taken as read; cards ask often, and looking costs a fetch. */
const RULES_FRESH_MS = 30_000;

interface Dependencies {
  unitOfWork: Pick<UnitOfWork, 'tables'>;
  workspace: Workspace;
  clock: Clock;
  /** False: no model is set up. */
  isSetUp: boolean;
}

/**
 * Whether a model may read and write for a conversation: one is set up, nobody switched it off here, and `factory.yaml`
 * on the project's base branch does not say `model: off`. A repository that cannot be read says no.
 */
export function createModelFor({ unitOfWork, workspace, clock, isSetUp }: Dependencies) {
  const known = new Map<string, { allowed: boolean; atMs: number }>();

  const allowedByRules = async (projectId: string): Promise<boolean> => {
    const [repo] = await unitOfWork.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 });
    if (repo === undefined) return true;
    const nowMs = clock.now().getTime();
    const before = known.get(repo.id);
    if (before !== undefined && nowMs - before.atMs < RULES_FRESH_MS) return before.allowed;
    const allowed = await workspace.refresh(repo).then(
      async ({ baseSha }) => (await rulesAt({ workspace }, repo, baseSha))?.model !== 'off',
      () => false,
    );
    known.set(repo.id, { allowed, atMs: nowMs });
    return allowed;
  };

  return async (projectId: string, conversationId: string): Promise<boolean> => {
    if (!isSetUp) return false;
    return (await mayThink(unitOfWork, { projectId, conversationId })) && (await allowedByRules(projectId));
  };
}

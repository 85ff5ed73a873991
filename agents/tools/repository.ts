import { readApprovers } from '#src/review/read-approvers.ts';
import type { ApprovalRights } from '#src/review/rights.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { ProjectRules } from '#src/qa/factory-yaml.ts';
import { readRules } from '#src/qa/read-rules.ts';
import { builtInProtectedPaths } from '#src/qa/protected-paths.ts';
import type { StepTools } from './step-tools.ts';

/** The repository that a task works on. */
export async function repositoryOf(tools: Pick<StepTools, 'unitOfWork'>, task: Task): Promise<RepositoryRef> {
  const row = await tools.unitOfWork.tables.get('git_repos', task.repoId);
  if (row === null)
    throw new FactoryError('no-repository', 'The repository of this task is not known any more.', {
      fix: 'Bind the project to a repository again.',
    });
  return { id: row.id, path: row.path, baseBranch: row.baseBranch };
}

/** What a commit of the base branch says of the project; null where it says nothing. A change cannot loosen its own rules. */
export async function rulesAt(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  sha: string,
): Promise<ProjectRules | null> {
  return readRules((name) => tools.workspace.readFile(repo, sha, name));
}

export function protectedPathsOf(rules: ProjectRules | null): string[] {
  return [...builtInProtectedPaths, ...(rules?.protected ?? [])];
}

/** Who may approve, read now: the lists and who is in their groups. Nothing of it may be kept for a later decision. */
export async function rightsNow(
  tools: Pick<StepTools, 'workspace' | 'settings' | 'forge' | 'groups' | 'unitOfWork'>,
  repo: RepositoryRef,
  baseSha: string,
): Promise<ApprovalRights> {
  const rules = await rulesAt(tools, repo, baseSha);
  const approvers = await readApprovers(tools.groups, tools.settings.approvers, rules?.approvers ?? null);
  return {
    ...approvers,
    linked: await tools.unitOfWork.tables.find('linked_accounts', {}),
    forge: tools.forge.kindOf(repo),
  };
}

import { effectiveApprovers } from '#src/review/rights.ts';
import type { ApprovalRights } from '#src/review/rights.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { parseFactoryYaml } from '#src/qa/factory-yaml.ts';
import type { ProjectRules } from '#src/qa/factory-yaml.ts';
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

/** `factory.yaml` of a commit of the base branch; empty rules where there is none. A change cannot loosen its own rules. */
export async function rulesAt(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  sha: string,
): Promise<ProjectRules | null> {
  const file = await tools.workspace.readFile(repo, sha, 'factory.yaml');
  return file === null ? null : parseFactoryYaml(new TextDecoder().decode(file));
}

export function protectedPathsOf(rules: ProjectRules | null): string[] {
  return [...builtInProtectedPaths, ...(rules?.protected ?? [])];
}

/** Who may approve, read now. */
export async function rightsNow(
  tools: Pick<StepTools, 'workspace' | 'settings' | 'forge'>,
  repo: RepositoryRef,
  baseSha: string,
): Promise<ApprovalRights> {
  const rules = await rulesAt(tools, repo, baseSha);
  return { approvers: effectiveApprovers(tools.settings.approvers, rules?.approvers ?? null), forge: tools.forge.kind };
}

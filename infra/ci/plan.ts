import { detectChecks } from '#src/qa/detect-checks.ts';
import type { ProjectRules } from '#src/qa/factory-yaml.ts';
import { CODEOWNERS_PATHS, proposeOwners } from './codeowners.ts';
import type { OwnersProposal } from './codeowners.ts';
import { readWorkflow } from './read-workflow.ts';
import { WORKFLOW_PATH, workflowText } from './workflow.ts';

export interface CiPlan {
  /** What the proposal adds or adds to, by path. Empty: there is nothing to propose. */
  files: ReadonlyMap<string, string>;
  /** A sentence each on what was found, left alone and added. */
  said: string[];
  /** The workflow of ours runs, or would run. */
  hasWorkflow: boolean;
  hasOwners: boolean;
}

export interface BaseFacts {
  /** Paths of the base commit. */
  fileNames: readonly string[];
  readText(path: string): Promise<string | null>;
  /** null: the project says nothing of itself. */
  rules: ProjectRules | null;
  /** As CODEOWNERS writes them. */
  owners: readonly string[];
}

const WORKFLOWS = /^\.github\/workflows\/[^/]+\.ya?ml$/;
const SECONDS_A_MINUTE = 60;
const MIN_TIMEOUT_MINUTES = 5;
/** A job of GitHub's own runners ends after six hours. */
const MAX_TIMEOUT_MINUTES = 360;

/** What to add to a repository so that GitHub checks it by itself. What is there stays, byte for byte. */
export async function planCi(base: BaseFacts): Promise<CiPlan> {
  const files = new Map<string, string>();
  const workflow = await planWorkflow(base);
  if (workflow.text !== null) files.set(WORKFLOW_PATH, workflow.text);
  const ownersPath = CODEOWNERS_PATHS.find((path) => base.fileNames.includes(path));
  const owners = await planOwners(base, ownersPath ?? null);
  if (owners.text !== null) files.set(ownersPath ?? CODEOWNERS_PATHS[0], owners.text);
  return {
    files,
    said: [...workflow.said, ...owners.said],
    hasWorkflow: workflow.text !== null || base.fileNames.includes(WORKFLOW_PATH),
    hasOwners: owners.text !== null || ownersPath !== undefined,
  };
}

async function planOwners({ readText, owners }: BaseFacts, path: string | null): Promise<OwnersProposal> {
  if (path === null) return proposeOwners(CODEOWNERS_PATHS[0], null, owners);
  const existing = await readText(path);
  // Written again, a text that was not understood would lose something.
  if (existing === null) return { text: null, said: [`${path} is no plain text, so it stays as it is.`] };
  return proposeOwners(path, existing, owners);
}

async function planWorkflow({
  fileNames,
  readText,
  rules,
}: BaseFacts): Promise<{ text: string | null; said: string[] }> {
  const plan = await detectChecks(fileNames, readText, rules);
  // The planned command also writes reports for the factory, which nobody reads there.
  const checks = rules?.checks ?? plan.checks.map(({ name }) => ({ name, run: name }));
  const said: string[] = [];
  let runsAll: string | null = null;
  for (const path of fileNames.filter((name) => WORKFLOWS.test(name))) {
    const seen = readWorkflow((await readText(path)) ?? '');
    const missing = checks.filter(({ run }) => !seen.commands.has(run.trim()));
    if (checks.length > 0 && missing.length === 0) runsAll ??= path;
    said.push(`${path} is there and stays as it is.`);
    if (path === WORKFLOW_PATH && missing.length > 0)
      said.push(`${path} does not run ${missing.map(({ name }) => `"${name}"`).join(', ')} on every pull request.`);
    if (seen.isTrusting)
      said.push(`${path} answers to pull_request_target, which gives strangers' changes its rights: look at it.`);
  }
  if (checks.length === 0) {
    said.push('No checks were found, so no workflow is proposed: name them under "checks" in factory.yaml.');
    return { text: null, said };
  }
  if (fileNames.includes(WORKFLOW_PATH)) return { text: null, said };
  if (runsAll !== null) {
    said.push(`${runsAll} runs every check on pull requests already, so no workflow is proposed.`);
    return { text: null, said };
  }
  const seconds = [plan.prepare, ...plan.checks].reduce((sum, step) => sum + (step?.timeoutSeconds ?? 0), 0);
  const timeoutMinutes = Math.ceil(seconds / SECONDS_A_MINUTE);
  const text = workflowText({
    fileNames,
    prepare: plan.prepare?.command ?? null,
    checks,
    timeoutMinutes: Math.min(MAX_TIMEOUT_MINUTES, Math.max(MIN_TIMEOUT_MINUTES, timeoutMinutes)),
  });
  said.push(`${WORKFLOW_PATH} is added; it runs ${checks.map(({ name }) => `"${name}"`).join(', ')} on pull requests.`);
  if (plan.prepare === null && !fileNames.includes('go.mod'))
    said.push(
      'Nothing is installed before the checks: if they need packages, say how under "prepare" in factory.yaml.',
    );
  return { text, said };
}

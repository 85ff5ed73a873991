import { pushFailed } from '#infra/forge/factory-branches.ts';
import { commitFiles } from '#infra/git/commit-files.ts';
import type { FarSide } from '#infra/git/far-side.ts';
import { type Mirror, openMirror, readHeads } from '#infra/git/mirror.ts';
import { pushRef } from '#infra/git/push-ref.ts';
import { gitFailed } from '#infra/git/run-git.ts';
import type { createWorkspace } from '#infra/git/workspace.ts';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { GitIdentity, RepositoryRef } from '#src/ports/workspace.ts';
import { readRules } from '#src/qa/read-rules.ts';
import { type CiPlan, planCi } from './plan.ts';

/** The one branch that a proposal is ever pushed to. It is none that the factory may push work to. */
export const CI_BRANCH = 'workbench/ci-init';

/**
 * Writes what the factory itself is refused (`.github/`), for the person who typed the command, as that person. So
 * nothing but the command may hold it: no step of a task, no surface, no agent.
 */
export interface ProposalTools {
  workspace: Pick<ReturnType<typeof createWorkspace>, 'refresh' | 'listTree' | 'readFile'>;
  /** The same as the workspace's; may go away afterwards. */
  mirrorsDir: string;
  side: FarSide;
  whoTypes(): Promise<GitIdentity>;
  clock: Clock;
  log: Log;
}

export interface Proposal {
  /** `nothing`: all is there. `already`: the branch holds it since an earlier time. */
  outcome: 'nothing' | 'already' | 'proposed';
  plan: CiPlan;
  /** null where nothing is proposed. */
  headSha: string | null;
}

const TITLE = 'Check pull requests, and say who owns what the factory obeys';

/**
 * Puts the plan for a repository on `CI_BRANCH` as one commit. The branch is made and never moved: one with other
 * contents is left alone, as FactoryError `ci-branch-taken`. Throws `ci-workflows-refused` where GitHub does not let the
 * token write workflows.
 */
export async function proposeCi(
  tools: ProposalTools,
  repo: RepositoryRef,
  owners: readonly string[],
): Promise<Proposal> {
  const { workspace, side } = tools;
  const { baseSha } = await workspace.refresh(repo);
  const read = (path: string) => textOf(workspace.readFile(repo, baseSha, path));
  const fileNames = (await workspace.listTree(repo, baseSha)).map(({ path }) => path);
  const rules = await readRules((path) => workspace.readFile(repo, baseSha, path));
  const plan = await planCi({ fileNames, readText: read, rules, owners });
  if (plan.files.size === 0) return { outcome: 'nothing', plan, headSha: null };

  const mirror = await openMirror(tools.mirrorsDir, repo.id, tools.log);
  const there = await branchThere(mirror, side);
  if (there !== null) {
    for (const [path, content] of plan.files) {
      if ((await textOf(workspace.readFile(repo, there, path))) !== content) throw branchTaken(side);
    }
    return { outcome: 'already', plan, headSha: there };
  }
  const author = await tools.whoTypes();
  const message = proposalWords(plan);
  const commit = { baseSha, files: plan.files, author, at: tools.clock.now() };
  const headSha = await commitFiles(mirror, { ...commit, message: `${message.title}\n\n${message.body}` });
  const { pushed, said } = await pushRef(mirror, side, { branch: CI_BRANCH, expectedSha: null, sha: headSha });
  if (!pushed) throw workflowsRefused(said) ?? side.explain(said) ?? pushFailed(side, CI_BRANCH, said);
  return { outcome: 'proposed', plan, headSha };
}

/** What the commit and the pull request say. */
export function proposalWords(plan: CiPlan): { title: string; body: string } {
  return { title: TITLE, body: plan.said.map((sentence) => `- ${sentence}`).join('\n') };
}

/** The head of an earlier proposal, brought into the mirror; null: there is none. */
async function branchThere(mirror: Mirror, side: FarSide): Promise<string | null> {
  const head = (await readHeads(mirror, side, [CI_BRANCH])).get(CI_BRANCH) ?? null;
  if (head === null) return null;
  const { address, options, call } = await side.reach('copy');
  const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--no-recurse-submodules', ...options];
  const refspec = `+refs/heads/${CI_BRANCH}:refs/quarantine/${head}`;
  const result = await mirror.run([...args, '--', address, refspec], call);
  if (result.exitCode !== 0) throw side.explain(result.stderr) ?? gitFailed({ args }, result.stderr);
  return head;
}

/** null: absent, a link, too large, or no text, whose bytes would not come out again as they went in. */
async function textOf(file: Promise<Uint8Array | null>): Promise<string | null> {
  try {
    const bytes = await file;
    return bytes === null ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    if (error instanceof FactoryError && (error.code === 'file-is-link' || error.code === 'file-too-large'))
      return null;
    throw error;
  }
}

function branchTaken(side: FarSide): FactoryError {
  return new FactoryError(
    'ci-branch-taken',
    `${side.name} has a branch ${CI_BRANCH} with other contents than what would be proposed now.`,
    { fix: 'Merge or delete that branch, then try again. Nothing was changed.' },
  );
}

/** As GitHub says it for a classic token (scope), a fine-grained one and an app (permission). */
function workflowsRefused(said: string): FactoryError | null {
  if (!/without .?workflows?.? (?:scope|permission)/.test(said)) return null;
  return new FactoryError(
    'ci-workflows-refused',
    'GitHub does not let this token write workflows, so nothing was pushed.',
    {
      fix: 'Run it once with a token of your own in GITHUB_TOKEN that may also write "Workflows", and do not keep that one for the factory: its own needs no such right.',
    },
  );
}

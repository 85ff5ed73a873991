import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OpenedProposal } from '#infra/ci/open-on-github.ts';
import type { Proposal } from '#infra/ci/propose.ts';
import { FactoryError } from '#src/errors.ts';
import type { GitHubSettings } from '#src/github-settings.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { Command, CommandContext, CommandResult } from './command.ts';
import { parseWords } from './parse.ts';

const options = { repo: { type: 'string' }, base: { type: 'string' }, owners: { type: 'string' } } as const;

export const ciCommand: Command = {
  name: 'ci',
  usage: 'ci init --repo PATH|github:OWNER/NAME [--owners LOGIN,LOGIN] [--base BRANCH]',
  summary:
    'Propose, in your name, a workflow that runs the checks on pull requests and owners for what the factory obeys.',
  async run(context) {
    const { positionals, values } = parseWords(context.argv, this.usage, options, { min: 1, max: 1 });
    if (positionals[0] !== 'init' || values.repo === undefined) {
      const what = values.repo === undefined ? 'The repository is missing.' : `CI has no "${positionals[0]}" here.`;
      throw new FactoryError('usage', what, { fix: `Use: workbench ${this.usage}` });
    }
    const { readOwners } = await import('#infra/ci/read-owners.ts');
    const owners = readOwners(values.owners ?? '');
    // Used once, and apart from the mirrors that tasks work in.
    const mirrorsDir = await mkdtemp(path.join(tmpdir(), 'factory-ci-'));
    try {
      return await init(context, { repo: values.repo, base: values.base, owners, mirrorsDir });
    } finally {
      await rm(mirrorsDir, { recursive: true, force: true });
    }
  },
};

interface Wish {
  repo: string;
  base: string | undefined;
  owners: readonly string[];
  mirrorsDir: string;
}

async function init({ config, cwd, host }: CommandContext, wish: Wish): Promise<CommandResult> {
  const { mirrorsDir } = wish;
  const isOnGitHub = wish.repo.startsWith('github:');
  const clock = systemClock;
  // Its client is large, so all of it is loaded only here.
  const { CI_BRANCH, proposalWords, proposeCi } = await import('#infra/ci/propose.ts');
  const { whoseToken, whoTypesHere } = await import('#infra/ci/who-types.ts');
  const { openRepositories } = await import('#src/compose/repositories.ts');
  const there = isOnGitHub && config.github !== null ? await asPerson(config.github) : null;
  const { workspace } = await openRepositories(there, { mirrorsDir, clock, log: silentLog });
  const facts = await workspace.inspect(isOnGitHub ? wish.repo : path.resolve(cwd, wish.repo), wish.base);
  const repo: RepositoryRef = { id: 'ci-init', path: facts.path, baseBranch: facts.baseBranch };
  const tools = { workspace, mirrorsDir, clock, log: silentLog };

  if (there === null) {
    const { folderSide } = await import('#infra/git/far-side.ts');
    const whoTypes = () => whoTypesHere(repo.path, host.env);
    const proposal = await proposeCi({ ...tools, side: folderSide(repo.path), whoTypes }, repo, wish.owners);
    const next = proposal.outcome === 'nothing' ? [] : nextInFolder(CI_BRANCH, repo);
    return result(repo, CI_BRANCH, proposal, null, next);
  }
  const { createClient } = await import('#infra/forge/github/create-client.ts');
  const { gitHubSide } = await import('#infra/forge/github/github-side.ts');
  const { repositoryAt } = await import('#infra/forge/github/repository-name.ts');
  const { openProposal } = await import('#infra/ci/open-on-github.ts');
  const client = createClient({ apiUrl: there.apiUrl, token: async () => there.token }, clock);
  const side = gitHubSide(repositoryAt(repo.path), there);
  const whoTypes = () => whoseToken(client, there.webUrl);
  const proposal = await proposeCi({ ...tools, side, whoTypes }, repo, wish.owners);
  const { headSha, plan } = proposal;
  const opened = headSha === null ? null : await openProposal(client, repo, { headSha, ...proposalWords(plan) });
  return result(repo, CI_BRANCH, proposal, opened, opened === null ? [] : nextOnGitHub(CI_BRANCH, opened));
}

/** GitHub with a token of the person who typed. FactoryError `ci-needs-person`. */
async function asPerson(settings: GitHubSettings) {
  const { token } = settings;
  if (token === null) {
    throw new FactoryError('ci-needs-person', 'An App works here, and a person proposes what CI runs.', {
      fix: 'Run it once with a token of your own in GITHUB_TOKEN.',
    });
  }
  const { fixedToken } = await import('#infra/forge/github/credentials.ts');
  return { ...settings, token, credentials: fixedToken(token) };
}

function nextInFolder(branch: string, { baseBranch }: RepositoryRef): string[] {
  return [
    `Look at it: git diff ${baseBranch}...${branch}`,
    `Then push it and open a pull request (git push origin ${branch}), or take it in: git merge ${branch}`,
  ];
}

function nextOnGitHub(branch: string, { number, url, state }: OpenedProposal): string[] {
  const pull = `pull request ${number}: ${url}`;
  if (state === 'opened') return [`Opened as a draft, ${pull}`];
  if (state === 'open') return [`It is open already, ${pull}`];
  return [`It was closed by a person, ${pull}`, `To propose it again, delete the branch ${branch} there first.`];
}

async function result(
  repo: RepositoryRef,
  branch: string,
  { outcome, plan, headSha }: Proposal,
  pullRequest: OpenedProposal | null,
  next: readonly string[],
): Promise<CommandResult> {
  const { rulesetDocument, rulesetLines } = await import('#infra/ci/ruleset.ts');
  const wish = { baseBranch: repo.baseBranch, hasWorkflow: plan.hasWorkflow, hasOwners: plan.hasOwners };
  const heading = {
    nothing: 'There is nothing to propose.',
    already: `The branch ${branch} holds the proposal already; nothing was changed.`,
    proposed: `The proposal is on the branch ${branch}.`,
  }[outcome];
  return {
    document: {
      repository: repo.path,
      outcome,
      branch: outcome === 'nothing' ? null : branch,
      headSha,
      pullRequest,
      files: Object.fromEntries(plan.files),
      said: plan.said,
      ruleset: rulesetDocument(wish),
    },
    lines: [heading, ...plan.said.map((line) => `  ${line}`), ...next, '', ...rulesetLines(wish)],
    exitCode: 0,
  };
}

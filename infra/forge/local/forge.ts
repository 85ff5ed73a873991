import { folderSide } from '#infra/git/far-side.ts';
import type { Mirror } from '#infra/git/mirror.ts';
import { fetchInto, hasCommit, openMirror, readHeads, requireCommit } from '#infra/git/mirror.ts';
import { quoted, requireSha } from '#infra/git/ref-names.ts';
import { FactoryError } from '#src/errors.ts';
import type { Forge, MergeOutcome, PullRequestRef } from '#src/ports/forge.ts';
import type { Log } from '#src/ports/log.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { createFactoryBranches, requireFactoryBranch } from '../factory-branches.ts';
import { isInHistory, mergeThatBrought } from '#infra/git/ancestry.ts';
import { mergeIntoBase } from './merge-into-base.ts';
import { branchObstacle, workNotCommitted } from './obstacles.ts';
import {
  addPullRequest,
  changePullRequest,
  findByBranch,
  type PullRequestRecord,
  pullRequestNotFound,
  readPullRequestRecord,
} from './pull-requests.ts';

/**
 * A forge that is a folder: branches live in the person's own repository, pull requests in the factory's mirror of it
 * (`mirrorsDir`, the same as the workspace's). Nothing but branches is written to the person's repository.
 */
export function createLocalForge({ mirrorsDir, log }: { mirrorsDir: string; log: Log }): Forge {
  const mirrorOf = (repo: RepositoryRef) => openMirror(mirrorsDir, repo.id, log);

  const branches = createFactoryBranches({
    mirrorOf,
    sideOf: (repo) => folderSide(repo.path),
    async beforeMove(mirror, repo, { branch, expectedSha, sha }) {
      const obstacle = await branchObstacle(mirror, repo, branch, expectedSha, sha);
      if (obstacle !== null) throw branchCheckedOut(obstacle);
    },
    afterMove: followHead,
  });

  return {
    kindOf: () => 'local',
    ...branches,

    async branchHead(repo, branch) {
      requireFactoryBranch(repo, branch);
      const unkept = await workNotCommitted(repo, branch);
      if (unkept !== null) {
        throw new FactoryError('work-not-committed', unkept, {
          fix: 'Commit it there, or take it back, then say hand back again.',
        });
      }
      return branches.branchHead(repo, branch);
    },

    async openPullRequest(repo, request) {
      requireFactoryBranch(repo, request.branch);
      const mirror = await mirrorOf(repo);
      await requireCommit(mirror, requireSha(request.headSha, 'The head'));
      const { baseSha } = await fetchInto(mirror, folderSide(repo.path), repo.baseBranch);
      const existing = await findByBranch(mirror, request.branch);
      if (!existing && (await isInHistory(mirror, request.headSha, baseSha)))
        throw nothingToMerge(repo, request.branch);
      const record = await addPullRequest(mirror, request, repo.baseBranch);
      return { number: record.number, url: `/pulls/${repo.id}/${record.number}` };
    },

    async readPullRequest(repo, pullRequest) {
      const mirror = await mirrorOf(repo);
      const record = await recordOf(mirror, pullRequest);
      if (record.state === 'merged') return stateOf(record);
      const heads = await readHeads(mirror, folderSide(repo.path), [record.baseBranch, record.branch]);
      const baseSha = heads.get(record.baseBranch);
      // A merge whose record was lost, or one that a person made by hand.
      if (record.state === 'open' && baseSha !== undefined) {
        if (!(await hasCommit(mirror, baseSha))) await fetchInto(mirror, folderSide(repo.path), repo.baseBranch);
        if ((await hasCommit(mirror, baseSha)) && (await isInHistory(mirror, record.headSha, baseSha))) {
          return stateOf(
            await recordMerge(mirror, record, record.headSha, await mergeThatBrought(mirror, record.headSha, baseSha)),
          );
        }
      }
      return { ...stateOf(record), headSha: heads.get(record.branch) ?? record.headSha };
    },

    // People decide on the card.
    readReviews: async () => [],
    recordApproval: async () => ({ outcome: 'none' }),

    // Vera's are the only ones.
    readChecks: async () => null,

    mergeMethod: async () => 'merge',

    async merge(repo, pullRequest, merge): Promise<MergeOutcome> {
      const mirror = await mirrorOf(repo);
      const record = await recordOf(mirror, pullRequest);
      if (record.state === 'merged' && record.mergedSha !== null)
        return { outcome: 'merged', mergedSha: record.mergedSha };
      if (record.state === 'closed') throw pullRequestClosed(record);
      const outcome = await mergeIntoBase(mirror, { ...repo, baseBranch: record.baseBranch }, record.branch, merge);
      if (outcome.outcome !== 'merged') return outcome;
      const merged = await recordMerge(mirror, record, merge.headSha, outcome.mergedSha);
      log.info(
        { repository: repo.id, pullRequest: record.number, mergedSha: merged.mergedSha },
        'merged a pull request',
      );
      return { outcome: 'merged', mergedSha: merged.mergedSha ?? outcome.mergedSha };
    },

    async closePullRequest(repo, pullRequest) {
      await changePullRequest(await mirrorOf(repo), pullRequest.number, (record) => {
        if (record.state === 'merged') throw pullRequestMerged(record);
        return record.state === 'closed' ? null : { state: 'closed' };
      });
    },
  };
}

async function recordOf(mirror: Mirror, pullRequest: PullRequestRef): Promise<PullRequestRecord> {
  const stored = await readPullRequestRecord(mirror, pullRequest.number);
  if (!stored) throw pullRequestNotFound(pullRequest.number);
  return stored.record;
}

/** The first record of a merge stands; a later call only reads it. */
function recordMerge(
  mirror: Mirror,
  record: PullRequestRecord,
  headSha: string,
  mergedSha: string,
): Promise<PullRequestRecord> {
  return changePullRequest(mirror, record.number, (now) =>
    now.state === 'merged' ? null : { state: 'merged', headSha, mergedSha },
  );
}

/** An open pull request is about its branch, so its head moves with it. */
async function followHead(mirror: Mirror, branch: string, headSha: string): Promise<void> {
  const open = await findByBranch(mirror, branch);
  if (!open) return;
  await changePullRequest(mirror, open.record.number, (now) =>
    now.state === 'open' && now.headSha !== headSha ? { headSha } : null,
  );
}

function stateOf({ state, headSha, mergedSha }: PullRequestRecord) {
  return { state, headSha, mergedSha };
}

function branchCheckedOut(sentence: string): FactoryError {
  return new FactoryError('branch-checked-out', `The factory cannot move its branch. ${sentence}`, {
    fix: 'Do that, or switch to another branch there; the factory then goes on.',
    retryable: true,
  });
}

function nothingToMerge(repo: RepositoryRef, branch: string): FactoryError {
  return new FactoryError(
    'pull-request-empty',
    `The branch ${quoted(branch)} holds nothing that ${quoted(repo.baseBranch)} does not have already.`,
    {
      fix: 'Push the work to the branch first.',
    },
  );
}

function pullRequestClosed(record: PullRequestRecord): FactoryError {
  return new FactoryError('pull-request-closed', `Pull request ${record.number} was closed and cannot be merged.`, {
    fix: 'Start the task again if its change is still wanted.',
  });
}

function pullRequestMerged(record: PullRequestRecord): FactoryError {
  return new FactoryError(
    'pull-request-merged',
    `Pull request ${record.number} is merged already and cannot be closed.`,
    {
      fix: 'To take the change back, ask for a new one that reverts it.',
    },
  );
}

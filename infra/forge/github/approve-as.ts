import type { OwnReview } from '#src/ports/forge.ts';
import { faultError } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import type { GitHubAccounts } from './link/linked-accounts.ts';
import type { RepositoryName } from './repository-name.ts';
import { APPROVAL_MARKER, lastDecisions } from './reviews.ts';

interface ApproveTools {
  accounts: Pick<GitHubAccounts, 'tokenOf' | 'refused'>;
  /** The factory's own, which reads. */
  client: GitHubClient;
  /** One that acts as whoever the token belongs to. */
  clientAs(token: string): GitHubClient;
}

const UNAUTHORISED = 401;
/** It is not theirs to approve: their own pull request, no right to, or nothing that they may see. */
const NOT_THEIRS: ReadonlySet<number | null> = new Set([403, 404, 410, 422]);
const BODY = `${APPROVAL_MARKER}\nApproved on the card of the factory, which showed exactly this commit.`;

/**
 * Has an approval stand on GitHub as a review of the approver's own, of exactly `headSha`. It looks first, and again
 * after an answer that was lost.
 */
export async function approveAs(
  { accounts, client, clientAs }: ApproveTools,
  repository: RepositoryName,
  { number, headSha, approver }: { number: number; headSha: string; approver: string },
): Promise<OwnReview> {
  const theirs = await accounts.tokenOf(approver);
  if (theirs.outcome === 'none') return theirs;
  const { accountId, login } = theirs.account;
  const account = `github:${login}`;
  if (theirs.outcome === 'missed') return { outcome: 'missed', account, reason: theirs.reason };
  const find = async (): Promise<OwnReview | null> => {
    const own = (await lastDecisions(client, repository, number)).find(({ user }) => String(user?.id) === accountId);
    const stands = own?.state === 'APPROVED' && own.commit_id === headSha;
    return stands ? { outcome: 'stands', account, reviewId: String(own.id) } : null;
  };
  const before = await find();
  if (before !== null) return before;

  const { owner, name } = repository;
  const answer = await clientAs(theirs.token).attempt((octokit) =>
    octokit.rest.pulls.createReview({
      owner,
      repo: name,
      pull_number: number,
      commit_id: headSha,
      event: 'APPROVE',
      body: BODY,
    }),
  );
  if ('value' in answer) return { outcome: 'stands', account, reviewId: String(answer.value.data.id) };
  const { fault } = answer;
  if (fault.status === UNAUTHORISED) {
    await accounts.refused(approver, theirs.token);
    return { outcome: 'missed', account, reason: 'refused' };
  }
  if (NOT_THEIRS.has(fault.status) && fault.waitMs === null)
    return { outcome: 'not-taken', account, reason: fault.message };
  const after = await find();
  if (after !== null) return after;
  throw faultError(fault, `take the review of pull request ${number} by ${login}`);
}

import { describe, expect, it } from 'vitest';
import { openAccounts } from './link/open-accounts.ts';
import type { OpenAccounts } from './link/open-accounts.ts';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';
const ADA = 'slack:U0ADA';

async function inReview() {
  const opened: OpenAccounts[] = [];
  const harness = await gitHubHarness({
    accountsOf(github) {
      const accounts = openAccounts(github);
      opened.push(accounts);
      return accounts.accounts;
    },
  });
  const { github, repo, baseSha, forge } = harness;
  const [{ link, sealed }] = opened as [OpenAccounts];
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const { number } = pullRequest;
  const approve = (sha = headSha) => forge.recordApproval(repo, pullRequest, { headSha: sha, approver: ADA });
  const reviews = () =>
    github.pull(number).pull.reviews.map(({ author, state, commitSha }) => `${author.login} ${state} ${commitSha}`);
  return { ...harness, link, sealed, pullRequest, headSha, number, approve, reviews };
}

describe('an approval as a review of the approver’s own on GitHub', () => {
  it('is submitted as them, of exactly the approved commit, once (C04, C05, A19)', async () => {
    const { approve, reviews, link, headSha, github } = await inReview();
    await link(ADA, 'ben');
    const first = await approve();
    expect(first).toMatchObject({ outcome: 'stands', account: 'github:ben' });
    expect(await approve()).toEqual(first);
    expect(reviews()).toEqual([`ben APPROVED ${headSha}`]);
    const [call] = github.callsTo('pulls/create-review');
    expect(call).toMatchObject({ who: 'ben' });
    expect(JSON.parse(String(call?.body))).toMatchObject({ event: 'APPROVE', commit_id: headSha });
  });

  it('is theirs alone: who linked no account has none, and the factory approves nothing itself', async () => {
    const { approve, reviews } = await inReview();
    expect(await approve()).toEqual({ outcome: 'none' });
    expect(reviews()).toEqual([]);
  });

  it('stands where they approved the commit there themselves, and is said anew where they took it back', async () => {
    const { approve, reviews, link, number, headSha, github } = await inReview();
    await link(ADA, 'ben');
    const { id } = await github.people.ben.review(number, 'APPROVE', 'Fine.');
    expect(await approve()).toEqual({ outcome: 'stands', account: 'github:ben', reviewId: String(id) });
    github.people.ana.dismissReview(number, id);
    expect(await approve()).toMatchObject({ outcome: 'stands' });
    expect(reviews()).toEqual([`ben DISMISSED ${headSha}`, `ben APPROVED ${headSha}`]);
  });

  it('does not stand in for another commit: a push makes it void (A20)', async () => {
    const { approve, link, github, reviews, headSha } = await inReview();
    await link(ADA, 'ben');
    await approve();
    const next = await github.people.ana.push({ branch: BRANCH, files: { 'greeting.txt': 'hello you\n' } });
    await approve(next);
    expect(reviews()).toEqual([`ben APPROVED ${headSha}`, `ben APPROVED ${next}`]);
  });

  it('is looked up when the answer was lost', async () => {
    const { approve, link, github, reviews } = await inReview();
    await link(ADA, 'ben');
    github.faults.loseAnswer('pulls/create-review');
    expect(await approve()).toMatchObject({ outcome: 'stands' });
    expect(reviews()).toHaveLength(1);
  });

  it('is not taken from whoever opened the pull request, nor from who may not write', async () => {
    const { approve, link, github, number } = await inReview();
    await link(ADA, 'ben');
    const issue = github.pull(number);
    const { author } = issue;
    issue.author = github.people.ben.account;
    expect(await approve()).toMatchObject({
      outcome: 'not-taken',
      account: 'github:ben',
      reason: expect.stringContaining('Can not approve your own pull request'),
    });
    issue.author = author;
    github.people.ana.setLevel('ben', 'none');
    expect(await approve()).toMatchObject({ outcome: 'not-taken' });
  });

  it('is missed once where GitHub takes their token no more, and the token is deleted', async () => {
    const { approve, link, github, sealed, reviews } = await inReview();
    await link(ADA, 'ben');
    for (const token of github.hub.tokens.values()) if (token.kind === 'user') github.revoke(token);
    expect(await approve()).toEqual({ outcome: 'missed', account: 'github:ben', reason: 'refused' });
    expect(sealed.size).toBe(0);
    expect(await approve()).toEqual({ outcome: 'none' });
    expect(reviews()).toEqual([]);
  });

  it('is tried again when GitHub is busy or does not answer', async () => {
    const { approve, link, github } = await inReview();
    await link(ADA, 'ben');
    github.faults.secondaryLimit('pulls/create-review', 60);
    await expect(approve()).rejects.toMatchObject({ code: 'github-busy', retryable: true });
    github.faults.cut('pulls/create-review');
    await expect(approve()).rejects.toMatchObject({ code: 'github-unreachable', retryable: true });
    expect(await approve()).toMatchObject({ outcome: 'stands' });
  });
});

describe('a rule that demands a review', () => {
  it('has the merge wait for one, and lets it through with theirs', async () => {
    const { approve, link, github, forge, repo, pullRequest, headSha, baseSha, merge } = await inReview();
    github.people.ana.protect('main', { requiredApprovals: 1 });
    const approved = { headSha, baseSha, mergeSha: await merge(baseSha, headSha) };
    expect(await forge.merge(repo, pullRequest, approved)).toMatchObject({
      outcome: 'waits',
      missing: 'review',
      reason: expect.stringContaining('approving review'),
    });
    await link(ADA, 'ben');
    await approve();
    expect(await forge.merge(repo, pullRequest, approved)).toMatchObject({ outcome: 'merged' });
  });
});

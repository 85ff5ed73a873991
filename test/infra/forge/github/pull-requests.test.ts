import { describe, expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

async function withPullRequest() {
  const harness = await gitHubHarness();
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  return { ...harness, headSha, draft };
}

async function readyToMerge() {
  const harness = await withPullRequest();
  const { forge, repo, draft, baseSha, headSha } = harness;
  const pullRequest = await forge.openPullRequest(repo, draft);
  const merge = { headSha, baseSha, mergeSha: await harness.merge(baseSha, headSha) };
  return { ...harness, pullRequest, merge };
}

describe('a pull request on GitHub', () => {
  it('is a draft until it is merged, and says what its task says now', async () => {
    const { github, forge, repo, draft } = await withPullRequest();
    const { number, url } = await forge.openPullRequest(repo, draft);
    expect(url).toBe(`${github.url}/acme/shop/pull/${number}`);
    expect(github.pull(number).pull.isDraft).toBe(true);
    await forge.openPullRequest(repo, { ...draft, title: 'Add a kind greeting', body: 'It greets kindly.' });
    expect(github.issue(number)).toMatchObject({ title: 'Add a kind greeting', body: 'It greets kindly.' });
    expect(github.callsTo('pulls/create')).toHaveLength(1);
  });

  it('is opened once when the answer to its opening is lost (F02, F21, I3)', async () => {
    const { github, forge, repo, draft } = await withPullRequest();
    github.faults.loseAnswer('pulls/create');
    const pullRequest = await forge.openPullRequest(repo, draft);
    expect(await forge.openPullRequest(repo, draft)).toEqual(pullRequest);
    expect(github.callsTo('pulls/create')).toHaveLength(1);
  });

  it('is not opened for a branch that holds nothing new', async () => {
    const { forge, repo, baseSha } = await gitHubHarness();
    await forge.createBranch(repo, BRANCH, baseSha);
    const draft = { taskId: 't', title: 't', body: '', branch: BRANCH, headSha: baseSha };
    await expect(forge.openPullRequest(repo, draft)).rejects.toMatchObject({ code: 'pull-request-empty' });
  });

  it('is merged once when the answer to its merge is lost (F02, I4)', async () => {
    const { github, forge, repo, pullRequest, merge, head } = await readyToMerge();
    github.faults.loseAnswer('pulls/merge');
    const outcome = await forge.merge(repo, pullRequest, merge);
    expect(outcome).toEqual({ outcome: 'merged', mergedSha: await head('main') });
    expect(await forge.merge(repo, pullRequest, merge)).toEqual(outcome);
    expect(github.callsTo('pulls/merge')).toHaveLength(1);
  });

  it('waits with the words of GitHub where a rule of the repository stands in the way', async () => {
    const { github, forge, repo, pullRequest, merge, head, baseSha } = await readyToMerge();
    github.people.ana.protect('main', { requiredApprovals: 1 });
    const outcome = await forge.merge(repo, pullRequest, merge);
    expect(outcome).toMatchObject({ outcome: 'waits', reason: expect.stringContaining('review') });
    expect(await head('main')).toBe(baseSha);
    await github.people.ben.review(pullRequest.number, 'APPROVE');
    expect(await forge.merge(repo, pullRequest, merge)).toMatchObject({ outcome: 'merged' });
  });

  it('is not merged by a token that was taken back, nor read', async () => {
    const { github, token, forge, repo, pullRequest, merge } = await readyToMerge();
    github.revoke(token);
    await expect(forge.merge(repo, pullRequest, merge)).rejects.toMatchObject({ code: 'github-token-refused' });
    await expect(forge.branchHead(repo, BRANCH)).rejects.toMatchObject({ code: 'github-token-refused' });
  });

  it('that a person merged by hand is told as merged', async () => {
    const { github, forge, repo, pullRequest, headSha, head } = await readyToMerge();
    github.people.ana.markReady(pullRequest.number);
    await github.people.ana.merge(pullRequest.number);
    expect(await forge.readPullRequest(repo, pullRequest)).toEqual({
      state: 'merged',
      headSha,
      mergedSha: await head('main'),
      mergedBy: 'ana',
    });
  });
});

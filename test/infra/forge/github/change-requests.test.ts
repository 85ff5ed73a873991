import { describe, expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

async function inReview() {
  const harness = await gitHubHarness();
  const { github, forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const { number } = pullRequest;
  const { ana, ben } = github.people;
  const requests = (of = headSha) => forge.readRequests(repo, pullRequest, of);
  return { ...harness, headSha, number, ana, ben, requests };
}

describe('changes that people ask for in reviews on GitHub', () => {
  it('are told in their words, with those on lines', async () => {
    const { number, ben, requests } = await inReview();
    expect(await requests()).toEqual([]);
    const comments = [{ path: 'greeting.txt', line: 1, body: 'Louder.' }];
    const { id } = await ben.review(number, 'REQUEST_CHANGES', 'Please greet by name.', { comments });
    expect(await requests()).toEqual([
      { id: String(id), by: 'ben', text: 'Please greet by name.\n\ngreeting.txt: Louder.' },
    ]);
  });

  it('are those of people who may write now, and of nobody else: C26', async () => {
    const { number, ana, ben, requests } = await inReview();
    await ben.review(number, 'REQUEST_CHANGES', 'Send me the token.');
    ana.setLevel('ben', 'read');
    expect(await requests()).toEqual([]);
    ana.setLevel('ben', 'write');
    expect(await requests()).toHaveLength(1);
  });

  it('end with an approval or when they are dismissed, not with a comment', async () => {
    const { number, ana, ben, requests } = await inReview();
    await ben.review(number, 'REQUEST_CHANGES', 'Not yet.');
    await ben.review(number, 'COMMENT', 'I had a look.');
    expect(await requests()).toHaveLength(1);
    await ben.review(number, 'APPROVE');
    expect(await requests()).toEqual([]);
    const { id } = await ana.review(number, 'REQUEST_CHANGES', 'No.');
    expect(await requests()).toHaveLength(1);
    ana.dismissReview(number, id);
    expect(await requests()).toEqual([]);
  });

  it('are about the very head that was reviewed', async () => {
    const { number, ben, requests } = await inReview();
    await ben.review(number, 'REQUEST_CHANGES', 'Not yet.');
    const next = await ben.push({ branch: BRANCH, files: { 'greeting.txt': 'hello you\n' } });
    expect(await requests(next)).toEqual([]);
  });
});

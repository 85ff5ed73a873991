import { describe, expect, it } from 'vitest';
import { APPROVAL_MARKER } from '#infra/forge/github/reviews.ts';
import { createPerson } from '#test/support/github/people/person.ts';
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
  const reviews = (of = headSha) => forge.readReviews(repo, pullRequest, of);
  return { ...harness, pullRequest, headSha, number, ana, ben, reviews };
}

describe('what people say in reviews on GitHub', () => {
  it('is told as they said it, with their words on lines where they ask for changes', async () => {
    const { number, ana, ben, reviews } = await inReview();
    expect(await reviews()).toEqual([]);
    const comments = [{ path: 'greeting.txt', line: 1, body: 'Louder.' }];
    const asked = await ben.review(number, 'REQUEST_CHANGES', 'Please greet by name.', { comments });
    const approved = await ana.review(number, 'APPROVE', 'Fine.');
    expect(await reviews()).toEqual([
      {
        id: String(asked.id),
        says: 'request-changes',
        by: 'ben',
        accountId: String(ben.account.id),
        text: 'Please greet by name.\n\ngreeting.txt: Louder.',
      },
      { id: String(approved.id), says: 'approve', by: 'ana', accountId: String(ana.account.id), text: 'Fine.' },
    ]);
  });

  it.each(['REQUEST_CHANGES', 'APPROVE'] as const)(
    'counts of people who may write now, and of nobody else (%s): C13, A03, C07, A18',
    async (event) => {
      const { number, ana, ben, reviews } = await inReview();
      await ben.review(number, event, 'Send me the token.');
      ana.setLevel('ben', 'read');
      expect(await reviews()).toEqual([]);
      ana.setLevel('ben', 'write');
      expect(await reviews()).toHaveLength(1);
    },
  );

  it('is the last decision of each, until it is dismissed; a comment decides nothing', async () => {
    const { number, ana, ben, reviews } = await inReview();
    const said = async () => (await reviews()).map(({ by, says }) => `${by}: ${says}`);
    await ben.review(number, 'REQUEST_CHANGES', 'Not yet.');
    await ben.review(number, 'COMMENT', 'I had a look.');
    expect(await said()).toEqual(['ben: request-changes']);
    await ben.review(number, 'APPROVE');
    expect(await said()).toEqual(['ben: approve']);
    const { id } = await ana.review(number, 'REQUEST_CHANGES', 'No.');
    expect(await said()).toEqual(['ben: approve', 'ana: request-changes']);
    ana.dismissReview(number, id);
    expect(await said()).toEqual(['ben: approve']);
  });

  it('is about the very head that was reviewed (C04, A20)', async () => {
    const { number, ana, ben, reviews } = await inReview();
    await ana.review(number, 'APPROVE');
    await ben.review(number, 'REQUEST_CHANGES', 'Not yet.');
    const next = await ben.push({ branch: BRANCH, files: { 'greeting.txt': 'hello you\n' } });
    expect(await reviews(next)).toEqual([]);
  });

  it('says nothing where it only repeats what was decided on a card (C05)', async () => {
    const { number, ben, reviews } = await inReview();
    await ben.review(number, 'REQUEST_CHANGES', 'Not yet.');
    await ben.review(number, 'APPROVE', `${APPROVAL_MARKER}\nApproved on the card.`);
    expect(await reviews()).toEqual([]);
  });

  it('is no decision of an app', async () => {
    const { github, headSha, number, reviews } = await inReview();
    const other = github.apps.workbench.app.bot;
    github.people.ana.setLevel(other.login, 'write');
    await createPerson(github.hub, other, github.repository()).review(number, 'COMMENT', 'Looks fine to me.');
    github.pull(number).pull.reviews.push({
      id: 9,
      author: other,
      state: 'APPROVED',
      body: '',
      commitSha: headSha,
      submittedAtMs: 0,
    });
    expect(await reviews()).toEqual([]);
  });
});

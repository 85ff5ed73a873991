import { expect, it } from 'vitest';
import type { Protection } from '#test/support/github/hub/types.ts';
import { openGithub, refusal, SHOP } from './open-github.ts';

async function opened(rules: Partial<Omit<Protection, 'id' | 'branch'>> = {}) {
  const open = await openGithub();
  open.github.people.ana.protect('main', { requiredApprovals: 1, ...rules });
  const sha = await open.github.people.ben.push({ branch: 'topic', files: { a: '1' } });
  const { data } = await open.app.pulls.create({ ...SHOP, head: 'topic', base: 'main', title: 'x' });
  const pull = { ...SHOP, pull_number: data.number };
  return { ...open, sha, pull, number: data.number, merge: () => open.app.pulls.merge(pull) };
}

it('nobody approves what they opened, and no app does either', async () => {
  const { github, app, ben, pull } = await opened();
  const own = await refusal(app.pulls.createReview({ ...pull, event: 'APPROVE' }));
  expect(own).toMatchObject({ status: 422, data: { errors: ['Review Can not approve your own pull request'] } });
  expect((await refusal(app.pulls.createReview({ ...pull, event: 'REQUEST_CHANGES', body: 'x' }))).status).toBe(422);
  await app.pulls.createReview({ ...pull, event: 'COMMENT', body: 'A word of my own' });

  await github.people.ben.push({ branch: 'mine', files: { b: '1' } });
  const mine = await github.people.ben.openPull({ head: 'mine', base: 'main', title: 'y' });
  const bens = await refusal(ben.pulls.createReview({ ...SHOP, pull_number: mine.number, event: 'APPROVE' }));
  expect(bens.status).toBe(422);
});

it("the approval of an app does not count, nor that of a reader, and a writer's does", async () => {
  const { github, app, ana, merge, pull } = await opened();
  const { people } = github;
  await people.ben.push({ branch: 'bens', files: { b: '1' } });
  const { number } = await people.ben.openPull({ head: 'bens', base: 'main', title: 'y' });
  const bens = { ...SHOP, pull_number: number };
  await app.pulls.createReview({ ...bens, event: 'APPROVE' });
  expect((await refusal(app.pulls.merge(bens))).message).toContain('At least 1 approving review is required');

  people.ana.setLevel('ben', 'read');
  await people.ben.review(pull.pull_number, 'APPROVE');
  expect((await refusal(merge())).status).toBe(405);
  await ana.pulls.createReview({ ...pull, event: 'APPROVE' });
  expect((await merge()).data.merged).toBe(true);
});

it('a request for changes stands until its author approves or it is dismissed', async () => {
  const { github, merge, number } = await opened();
  const { ana, ben } = github.people;
  const asked = await ben.review(number, 'REQUEST_CHANGES', 'Smaller');
  await ana.review(number, 'APPROVE');
  expect((await refusal(merge())).message).toContain('Changes have been requested');
  await ben.review(number, 'COMMENT', 'Still');
  expect((await refusal(merge())).status).toBe(405);
  ana.dismissReview(number, asked.id);
  expect((await merge()).data.merged).toBe(true);
});

it('a push voids an approval where the rules say so, and else does not', async () => {
  const strict = await opened({ dismissesStaleReviews: true });
  const review = await strict.github.people.ana.review(strict.number, 'APPROVE');
  await strict.github.people.ben.push({ branch: 'topic', files: { b: '1' } });
  expect(review.state).toBe('DISMISSED');
  expect((await refusal(strict.merge())).status).toBe(405);
  // Of the commit before the head: said too late.
  await strict.ana.pulls.createReview({ ...strict.pull, event: 'APPROVE', commit_id: strict.sha });
  expect((await refusal(strict.merge())).status).toBe(405);
  const head = (await strict.github.head('topic')) ?? '';
  await strict.ana.pulls.createReview({ ...strict.pull, event: 'APPROVE', commit_id: head });
  expect((await strict.merge()).data.merged).toBe(true);

  const lax = await opened();
  await lax.github.people.ana.review(lax.number, 'APPROVE');
  await lax.github.people.ben.push({ branch: 'topic', files: { b: '1' } });
  expect((await lax.merge()).data.merged).toBe(true);
});

it('the approval of whoever pushed last does not count where the rules say so', async () => {
  const { github, merge, number } = await opened({ requiresLastPushApproval: true });
  await github.people.ben.push({ branch: 'topic', files: { b: '1' } });
  await github.people.ben.review(number, 'APPROVE');
  expect((await refusal(merge())).status).toBe(405);
  await github.people.ana.review(number, 'APPROVE');
  expect((await merge()).data.merged).toBe(true);
});

it('takes no review of a commit that is not in the pull request, and none without words', async () => {
  const { github, ana, pull } = await opened();
  const elsewhere = await github.people.ben.push({ branch: 'other', files: { z: '1' } });
  expect((await refusal(ana.pulls.createReview({ ...pull, event: 'APPROVE', commit_id: elsewhere }))).status).toBe(422);
  expect((await refusal(ana.pulls.createReview({ ...pull, event: 'COMMENT' }))).status).toBe(422);
});

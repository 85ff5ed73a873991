import { expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

const READY = `mutation($id: ID!) {
  markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { number isDraft } }
}`;
const DRAFT = `mutation($id: ID!) {
  convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

it('makes a draft ready and back again, and says under errors what it does not do', async () => {
  const { github, app, octokitFor } = await openGithub();
  await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
  const { data } = await app.pulls.create({ ...SHOP, head: 'topic', base: 'main', title: 'x', draft: true });
  const id = data.node_id;
  expect(await app.graphql(READY, { id })).toEqual({
    markPullRequestReadyForReview: { pullRequest: { number: data.number, isDraft: false } },
  });
  expect((await refusal(app.graphql(READY, { id }))).message).toContain('not in draft state');
  expect(await app.graphql(DRAFT, { id })).toEqual({ convertPullRequestToDraft: { pullRequest: { isDraft: true } } });
  expect((await refusal(app.graphql(READY, { id: 'PR_none' }))).message).toContain('Could not resolve to a node');
  const reader = octokitFor(github.people.ana.token({ permissions: { pull_requests: 'read' } }));
  expect((await refusal(reader.graphql(READY, { id }))).message).toContain('Resource not accessible');
  expect((await refusal(octokitFor(null).graphql(READY, { id }))).status).toBe(401);
  expect(github.pull(data.number).pull.isDraft).toBe(true);
});

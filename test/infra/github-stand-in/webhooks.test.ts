import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examplePayloads } from '#test/support/github/delivery/example-payloads.ts';
import { openGithub, SHOP } from './open-github.ts';
import { receiveWebhooks } from './receive-webhooks.ts';
import type { Received } from './receive-webhooks.ts';

function isSigned({ headers, text }: Received, secret: string): boolean {
  const right = Buffer.from(`sha256=${createHmac('sha256', secret).update(text).digest('hex')}`);
  const given = Buffer.from(String(headers['x-hub-signature-256']));
  return given.length === right.length && timingSafeEqual(given, right);
}

describe('a delivery', () => {
  it('is signed, has an id of its own, and says whose installation it is for', async () => {
    const { github } = await openGithub();
    const app = await receiveWebhooks(github, { app: 'workbench' });
    const own = await receiveWebhooks(github, { events: ['issues'] });
    github.people.ana.openIssue({ title: 'Ü', labels: ['factory'] });
    github.people.ana.comment(1, 'a word');
    await github.settled();
    expect(app.names()).toEqual(['issues.opened', 'issues.labeled', 'issue_comment.created']);
    expect(own.names()).toEqual(['issues.opened', 'issues.labeled']);
    expect(app.all.every((one) => isSigned(one, app.hook.secret))).toBe(true);
    expect(app.all.some((one) => isSigned(one, own.hook.secret))).toBe(false);
    expect(new Set([...app.all, ...own.all].map(({ headers }) => headers['x-github-delivery'])).size).toBe(5);
    expect(app.all[0]?.payload).toMatchObject({
      installation: { id: github.apps.workbench.installationId },
      repository: { full_name: 'acme/shop' },
      sender: { login: 'ana', type: 'User' },
    });
    expect(own.all[0]?.payload.installation).toBeUndefined();
  });

  it('that fails is not tried again, until a person asks for it, under its old id', async () => {
    const { github } = await openGithub();
    const inbox = await receiveWebhooks(github);
    inbox.status = 500;
    github.people.ana.openIssue({ title: 'x' });
    await github.settled();
    expect(inbox.all).toHaveLength(1);
    const [delivery] = github.deliveries.all;
    if (delivery === undefined) throw new Error('Nothing was sent.');
    expect(delivery.statuses).toEqual([500]);
    inbox.status = 202;
    await github.deliveries.redeliver(delivery);
    expect(inbox.all.map(({ headers }) => headers['x-github-delivery'])).toEqual([delivery.id, delivery.id]);
    expect(delivery.statuses).toEqual([500, 202]);
  });

  it('is lost, doubled, late or forged when a test asks for it', async () => {
    const { github } = await openGithub();
    const inbox = await receiveWebhooks(github, { events: ['issues'] });
    const open = (title: string) => github.people.ana.openIssue({ title });
    github.deliveryFaults.drop.next(1);
    open('lost');
    await github.settled();
    github.deliveryFaults.duplicate.next(1);
    open('twice');
    await github.settled();
    github.deliveryFaults.late.next(1);
    open('late');
    open('early');
    await github.settled();
    const titles = inbox.all.map(({ payload }) => (payload.issue as { title: string }).title);
    expect(titles).toEqual(['twice', 'twice', 'early', 'late']);
    const ids = inbox.all.map(({ headers }) => headers['x-github-delivery']);
    expect([ids[0] === ids[1], new Set(ids).size]).toEqual([true, 3]);
    github.deliveryFaults.forgeSignature.next(1);
    open('forged');
    await github.settled();
    github.deliveryFaults.omitSignature.next(1);
    open('unsigned');
    await github.settled();
    const [forged, unsigned] = inbox.all.slice(-2);
    expect(forged !== undefined && isSigned(forged, inbox.hook.secret)).toBe(false);
    expect(unsigned?.headers['x-hub-signature-256']).toBeUndefined();
  });
});

it('replays what GitHub once sent, signed, without looking at it', async () => {
  const { github } = await openGithub();
  const inbox = await receiveWebhooks(github);
  const examples = examplePayloads();
  expect([examples.length, new Set(examples.map(({ event }) => event)).size]).toEqual([329, 58]);
  for (const { event, payload } of examples.slice(0, 40))
    github.deliveries.send(inbox.hook, event, Promise.resolve(payload));
  await github.settled();
  expect(inbox.all).toHaveLength(40);
  expect(inbox.all.every((one) => isSigned(one, inbox.hook.secret))).toBe(true);
});

it('tells the whole way of a change, in the order in which it went', async () => {
  const { github, app } = await openGithub();
  const { ana, ben } = github.people;
  const inbox = await receiveWebhooks(github, { app: 'workbench' });
  ana.protect('main', { requiredChecks: ['test'], requiredApprovals: 1, dismissesStaleReviews: true });
  github.ci.onPush((branch) => (branch.startsWith('factory/') ? { conclusion: 'success' } : null));
  await ben.push({ branch: 'factory/1', files: { a: '1' } });
  const { data } = await app.pulls.create({ ...SHOP, head: 'factory/1', base: 'main', title: 'x', draft: true });
  await github.settled();
  ana.markReady(data.number);
  await ana.review(data.number, 'APPROVE');
  const before = github.pull(data.number).pull.headSha;
  const after = await ben.push({ branch: 'factory/1', files: { a: '2' } });
  await github.settled();
  await ana.review(data.number, 'APPROVE');
  await app.pulls.merge({ ...SHOP, pull_number: data.number, sha: after });
  await github.settled();
  const seen = inbox.names();
  expect(seen.filter((name) => !name.startsWith('check_'))).toEqual([
    'push',
    'pull_request.opened',
    'pull_request.ready_for_review',
    'pull_request_review.submitted',
    'push',
    'pull_request.synchronize',
    'pull_request_review.dismissed',
    'pull_request_review.submitted',
    'pull_request.closed',
    'push',
  ]);
  expect(seen.filter((name) => name.startsWith('check_'))).toEqual([
    ...['check_run.created', 'check_run.completed', 'check_suite.completed'],
    ...['check_run.created', 'check_run.completed', 'check_suite.completed'],
  ]);
  const of = (name: string) => inbox.all[seen.indexOf(name)]?.payload;
  expect(of('pull_request.synchronize')).toMatchObject({ before, after, pull_request: { head: { sha: after } } });
  expect(of('pull_request.closed')).toMatchObject({
    pull_request: { merged: true, merged_by: { login: 'workbench[bot]' } },
  });
  expect(of('push')).toMatchObject({ ref: 'refs/heads/factory/1', created: true, forced: false });
});

it('a force-push and a deleted branch say what they are', async () => {
  const { github } = await openGithub();
  const { ben } = github.people;
  const main = (await github.head('main')) ?? '';
  await ben.push({ branch: 'topic', files: { a: '1' } });
  const inbox = await receiveWebhooks(github);
  await ben.openPull({ head: 'topic', base: 'main', title: 'x' });
  await ben.push({ branch: 'topic', files: { b: '1' }, onto: main });
  await ben.deleteBranch('topic');
  await github.settled();
  expect(inbox.names()).toEqual([
    'pull_request.opened',
    'push',
    'pull_request.synchronize',
    'push',
    'pull_request.closed',
  ]);
  expect(inbox.all[1]?.payload).toMatchObject({ forced: true, deleted: false });
  expect(inbox.all[3]?.payload).toMatchObject({
    forced: false,
    deleted: true,
    head_commit: null,
    after: '0'.repeat(40),
  });
  expect(inbox.all[4]?.payload).toMatchObject({ pull_request: { merged: false } });
});

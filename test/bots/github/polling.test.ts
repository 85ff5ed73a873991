import { describe, expect, it, onTestFinished } from 'vitest';
import { startPolling } from '#bots/github/polling/poll-issues.ts';
import type { Told } from '#bots/github/receiving/told.ts';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { createGitHubIssues } from '#infra/forge/github/issues.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import { GITHUB_TIMEOUT_MS, inGitHub } from './in-github.ts';

const BODY = 'Write a function `slugify(title)` in src/slugify.js. It should turn spaces into dashes.';
const WISH = { title: 'Readable addresses', body: BODY, labels: ['factory'] };

describe('a look at the issues', { timeout: GITHUB_TIMEOUT_MS }, () => {
  it('finds what no webhook told of, also edited comments: F20', async () => {
    const { hub, factory, quiet, kept } = await inGitHub({ hasWebhooks: false });
    const { number } = hub.people.ana.openIssue(WISH);
    await factory().look();
    await quiet();
    expect(await kept(number)).toHaveLength(1);
    const said = hub.people.ben.comment(number, 'It must cut at 60 characters.');
    await factory().look();
    await quiet();
    hub.clock.advance(1_000);
    hub.people.ben.editComment(said.id, 'It must cut at 50 characters.');
    await factory().look();
    await quiet();
    expect((await kept(number))?.at(-1)).toEqual(['ben', 'It must cut at 50 characters.']);
    expect(hub.violations).toEqual([]);
  });

  it('has no second effect after the webhook, nor after a restart', async () => {
    const { hub, front, factory, restart, quiet, conversation } = await inGitHub();
    const { number } = hub.people.ana.openIssue(WISH);
    await quiet();
    const id = (await conversation(number))?.id;
    const events = async () => (await front.tools.unitOfWork.ledger.head()).seq;
    const before = await events();
    for (let again = 0; again < 2; again += 1) {
      await factory().look();
      await quiet();
    }
    const reads = hub.callsTo('issues/get').length;
    await restart();
    await factory().look();
    await quiet();
    expect(hub.callsTo('issues/get')).toHaveLength(reads);
    expect(await events()).toBe(before);
    expect((await conversation(number))?.id).toBe(id);
  });

  it('costs nothing when nothing is new', async () => {
    const { hub, factory, quiet } = await inGitHub();
    hub.people.ana.openIssue(WISH);
    await quiet();
    for (let look = 0; look < 3; look += 1) await factory().look();
    const lists = hub.callsTo('issues/list-for-repo');
    await factory().look();
    const [last] = hub.callsTo('issues/list-for-repo').slice(lists.length);
    expect(last?.status).toBe(304);
  });

  it('reads page after page, though no time tells them apart', async () => {
    const hub = await startGitHub();
    onTestFinished(() => hub.close());
    for (let n = 0; n < 150; n += 1) hub.people.ana.openIssue({ ...WISH, title: `Wish ${n}` });
    const token = hub.apps.workbench.token();
    const issues = createGitHubIssues(
      { apiUrl: hub.apiUrl, webUrl: hub.url, credentials: fixedToken(token.value) },
      systemClock,
    );
    const told: Told[] = [];
    const rows = [{ projectId: 'p', path: 'github:acme/shop', forge: 'github' }];
    const polling = startPolling({
      issues,
      tables: { find: async () => rows as never },
      isKnown: async () => false,
      lookAtBase: async () => {},
      accept: async (one) => void told.push(one),
      label: 'factory',
      everyMs: 60 * 60_000,
      onTrouble: () => {},
      clock: systemClock,
      log: silentLog,
    });
    onTestFinished(() => polling.stop());
    await polling.settle();
    expect(new Set(told.map((one) => ('number' in one ? one.number : null))).size).toBe(150);
    expect(hub.violations).toEqual([]);
  });

  it('is not repeated while GitHub asks to be left alone: F22', async () => {
    const { hub, factory, logged } = await inGitHub();
    hub.faults.secondaryLimit('issues/list-for-repo', 60);
    const before = hub.calls.length;
    await factory().look();
    expect(hub.calls).toHaveLength(before + 1);
    await factory().look();
    expect(hub.calls).toHaveLength(before + 1);
    expect(logged).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ waitMs: 60_000 }) }),
    );
  });

  it('is not what makes it worse: work that GitHub refuses for a while sends nothing meanwhile: F22', async () => {
    const { hub, quiet, kept } = await inGitHub();
    hub.faults.secondaryLimit('issues/get', null);
    const { number } = hub.people.ana.openIssue(WISH);
    await quiet();
    expect(await kept(number)).toBeNull();
    expect(hub.callsTo('issues/get')).toHaveLength(1);
  });

  it('goes on after a failure', async () => {
    const { hub, factory, quiet, kept } = await inGitHub({ hasWebhooks: false });
    const { number } = hub.people.ana.openIssue(WISH);
    hub.faults.status('issues/list-for-repo', 502);
    await factory().look();
    await factory().look();
    await quiet();
    expect(await kept(number)).toHaveLength(1);
  });
});

it(
  'what GitHub tells twice, late and in the wrong order has one effect: F20',
  async () => {
    const { hub, quiet, kept, hook } = await inGitHub();
    hub.deliveryFaults.duplicate.next(1);
    hub.deliveryFaults.late.next(1);
    const { number } = hub.people.ana.openIssue(WISH);
    hub.people.ben.comment(number, 'It must cut at 60 characters.');
    await quiet();
    for (const delivery of [...hub.deliveries.all].toReversed()) await hub.deliveries.redeliver(delivery);
    await quiet();
    expect(await kept(number)).toHaveLength(2);
    expect(new Set(hub.deliveries.all.flatMap(({ statuses }) => statuses))).toEqual(new Set([202]));
    expect(hook.secret).not.toBe('');
  },
  GITHUB_TIMEOUT_MS,
);

it(
  'what was accepted before the process died is worked on after its start: F02',
  async () => {
    const { hub, front, quiet, kept, factory, restart } = await inGitHub({ hasWebhooks: false });
    const { number } = hub.people.ana.openIssue(WISH);
    await factory().stop();
    const told = { key: 'github:1:abc', repository: 'acme/shop', number, labels: ['factory'] };
    await front.tools.unitOfWork.inbox.accept({
      key: told.key,
      surface: 'github',
      payload: JSON.stringify(told),
      receivedAt: '2026-11-21T10:00:00.000Z',
    });
    await restart();
    await quiet();
    expect(await kept(number)).toHaveLength(1);
  },
  GITHUB_TIMEOUT_MS,
);

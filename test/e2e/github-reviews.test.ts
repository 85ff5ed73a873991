import { describe, expect, it } from 'vitest';
import { createClient } from '#test/bots/room/room-client.ts';
import type { FakeDesk } from '#test/bots/room/fake-desk.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openGitHubTeam } from './support/github-team.ts';
import type { GitHubTeam } from './support/github-team.ts';
import { E2E_TIMEOUT_MS } from './support/runs.ts';

/** A card asks, and GitHub's rules demand somebody's approving review. */
async function inReview(settings: Readonly<Record<string, string>> = {}, requester = 'local') {
  const team = await openGitHubTeam(settings, requester);
  team.github.people.ana.protect('main', { requiredApprovals: 1, dismissesStaleReviews: true });
  const { branch } = await team.until(({ state }) => state === 'in-review');
  const { number, headSha: shown } = await team.pullRequest();
  const reviews = () =>
    team.github
      .pull(number)
      .pull.reviews.map(({ author, state, commitSha }) => `${author.login} ${state} ${commitSha}`);
  const facts = () => team.workbench.unitOfWork.ledger.stream(`task:${team.taskId}`);
  return { ...team, branch: branch ?? '', number, shown, reviews, facts };
}

/** Ana at the room. */
async function enterRoom({ workbench, taskId }: Pick<GitHubTeam, 'workbench' | 'taskId'>) {
  const client = createClient({ actor: 'ana', desk: workbench.createDesk() as unknown as FakeDesk });
  await client.enter();
  const thread = `task:${taskId}`;
  let said = 0;
  return {
    /** Until the answer that comes later is there. */
    async later(piece: string): Promise<string> {
      const [, place = ''] = /hx-get="(\/answers\/[^"]+)"/.exec(piece) ?? [];
      await waitFor(async () => (await client.get(place)).status === 200);
      return (await client.get(place)).text();
    },
    async say(text: string): Promise<string> {
      said += 1;
      return (await client.post('/say', { thread, text, origin: `said-${said}`, as: 'message' })).text();
    },
    async approve() {
      const view = await workbench.createDesk().thread({ kind: 'task', id: taskId });
      const post = view?.posts.findLast(({ card }) => card.kind === 'review');
      const pressed = { post: post?.id ?? '', thread, version: String(post?.version), action: 'approve' };
      return (await client.post('/press', pressed)).status;
    },
  };
}

describe('a rule of GitHub that demands a review', { timeout: E2E_TIMEOUT_MS }, () => {
  it('is met by the review of an approver who linked their account, from the card in the room (C04, C05, A19)', async () => {
    const team = await inReview();
    const { github, workbench, shown, until, reviews, facts } = team;
    const room = await enterRoom(team);
    const asked = await room.say('link github');
    expect(asked).toContain(`${github.url}/login/device`);
    const [, code = ''] = /<strong>([A-Z0-9]{4}-[A-Z0-9]{4})<\/strong>/.exec(asked) ?? [];
    github.people.ben.enterCode(code);
    expect(await room.later(asked)).toContain('<strong>ben</strong>');

    expect(await room.approve()).toBe(200);
    const { mergedSha } = await until(({ state }) => state === 'merged');
    expect(await github.head('main')).toBe(mergedSha);
    expect(reviews()).toEqual([`ben APPROVED ${shown}`]);
    const told = (await facts()).flatMap((event) => (event.type === 'review.submitted' ? [event.body] : []));
    expect(told).toMatchObject([{ account: 'github:ben', headSha: shown }]);

    const secrets = [...github.hub.tokens.values()].filter(({ kind }) => kind === 'user').map(({ value }) => value);
    const ledger = JSON.stringify(await workbench.unitOfWork.ledger.read(0, 10_000));
    expect(secrets.filter((secret) => ledger.includes(secret))).toEqual([]);
    expect(await workbench.replay({ run: null, verify: true })).toMatchObject({ differences: [] });
    // What lets the factory act as her is no fact, so a replay leaves it.
    expect(await room.say('link github')).toContain('already');
    expect(await room.say('unlink github')).toContain('not linked to you any more');
  });

  it('has the merge wait for somebody’s review there, and go on by itself when it comes', async () => {
    const { github, number, shown, approve, until, reviews } = await inReview({}, 'github:cleo');
    await approve();
    const waiting = await until(({ waitingKind }) => waitingKind === 'review');
    expect(waiting).toMatchObject({ state: 'approved', waitingWho: 'ana' });
    expect(waiting.waitingText).toContain('approving review is required');
    await github.people.ben.review(number, 'APPROVE', 'Fine.');
    await until(({ state }) => state === 'merged');
    expect(reviews()).toEqual([`ben APPROVED ${shown}`]);
    // Whoever asked is credited for the code.
    const said = await github.git('log', '--format=%B', shown, '--not', 'main~1');
    expect(said).toContain('\n\nCo-authored-by: cleo <cleo@users.noreply.github.com>');
  });

  it('is met by an approver’s review there while the card asks: of what it shows, and nobody else’s (C04, A18, A20)', async () => {
    const team = await inReview({ APPROVERS: 'github:ben' });
    const { github, branch, number, shown, until, untilAsked, facts, outcomes } = team;
    const { ana, ben } = github.people;
    await ana.review(number, 'APPROVE', 'I like it. approve');
    await github.settled();
    const next = await ben.push({ branch, files: { 'NOTES.md': 'Doubling is exact.\n' } });
    await untilAsked(next);
    // Of the commit that the first card showed.
    await ben.review(number, 'APPROVE', '', { sha: shown });
    await github.settled();
    expect((await facts()).map(({ type }) => type)).not.toContain('approval.granted');

    await ben.review(number, 'APPROVE', 'Fine.');
    await until(({ state }) => state === 'merged');
    const granted = (await facts()).filter(({ type }) => type === 'approval.granted');
    expect(granted).toMatchObject([{ actor: 'github:ben', body: { approver: 'github:ben', headSha: next } }]);
    expect(await outcomes()).toEqual([
      expect.stringContaining('Void'),
      expect.stringMatching(/^Approved by github:ben · merged as /),
    ]);
  });
});

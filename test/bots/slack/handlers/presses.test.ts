import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inReview } from './in-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

describe('a decision in Slack', { timeout: TIMEOUT_MS }, () => {
  it('is refused to others in private, and taken once when it is pressed twice at once (C05, C06, A18, A19)', async () => {
    const { slack, settle, ana, ben, told, card, events } = await inReview(front);
    await ben.press(card(), 'Approve');
    await settle();
    expect(await events('approval.granted')).toEqual([]);
    expect(told(ben).join()).toContain('not an approver');
    expect(ben.ephemerals().at(-1)?.threadTs).toBe(card().threadTs);
    expect(told(ana)).toEqual([]);

    const asked = card();
    await Promise.all([ana.press(asked, 'Approve'), ana.press(asked, 'Approve')]);
    await settle();
    expect((await events('approval.granted')).map(({ actor }) => actor)).toEqual([`slack:${ana.id}`]);
    expect(told(ana)).toHaveLength(1);
    const decided = slack.read(slack.message(asked));
    expect(decided).toContain(`Approved by ${ana.user.displayName}`);
    expect(decided).not.toContain('[Approve');
    await slack.close();
  });

  it('is taken by whoever is in the group of approvers when they press (C07)', async () => {
    const { slack, settle, ana, told, card, events } = await inReview(front);
    const members: string[] = [];
    Object.assign(front, { approvers: ['slack:S0LEADS'], groups: { members: async () => members } });
    await front.tools.people.remember('slack:S0LEADS', '@leads');
    await ana.press(card(), 'Approve');
    await settle();
    expect(await events('approval.granted')).toEqual([]);
    expect(told(ana).join()).toContain('Ask the group @leads.');
    members.push(`slack:${ana.id}`);
    await ana.press(card(), 'Approve');
    await settle();
    expect(await events('approval.granted')).toHaveLength(1);
    await slack.close();
  });

  it('on a card that is long resolved says what came of it', async () => {
    const { slack, place, factory, ana, told, card } = await inReview(front);
    const post = await front.tools.surfacePosts.postAt(place, card().ts);
    if (post === null) throw new Error('the card shows no post');
    // Slack still shows the old buttons: the edit has not arrived.
    slack.faults.rateLimit('chat.update', 60, { times: 50 });
    await front.press(`slack:${ana.id}`, post, 'approve');
    await front.mirror();
    await ana.press(card(), 'Approve');
    await ana.press(card(), 'Request changes');
    await slack.settled();
    await factory.settle();
    expect(told(ana)).toEqual([
      expect.stringContaining('This is decided already: Approved by'),
      expect.stringContaining('This is decided already: Approved by'),
    ]);
    expect(ana.modal()).toBeNull();
    await slack.close();
  });

  it('asks for the words that it takes, in a modal that the trigger still opens', async () => {
    const { slack, settle, ana, told, modal, card, events } = await inReview(front);
    slack.faults.loseAnswer('views.open');
    await ana.press(card(), 'Request changes');
    await settle();
    expect(modal(ana)).toContain('What should change?');
    expect(told(ana)).toEqual([]);
    await ana.submit({ 'What should change?': 'Greet in French.' });
    await settle();
    expect(await events('changes.requested')).toHaveLength(1);
    expect(slack.transcript('ideas')).toContain('Greet in French.');
    await slack.close();
  });

  it('that comes too late for a modal is told so, and nothing is lost', async () => {
    const { slack, settle, ana, told, card } = await inReview(front);
    const { get } = front.tools.posts;
    front.tools.posts.get = async (id) => {
      slack.clock.advance(4_000);
      return get(id);
    };
    await ana.press(card(), 'Request changes');
    await settle();
    expect(ana.modal()).toBeNull();
    expect(told(ana)).toEqual([expect.stringContaining('three seconds')]);
    await waitFor(async () => (await front.tools.unitOfWork.inbox.pending('slack', 10)).length === 0);
    await slack.close();
  });
});

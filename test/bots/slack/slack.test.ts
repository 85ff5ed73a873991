import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { openFactory } from './open-factory.ts';

const TIMEOUT_MS = 120_000;
const IDEA = '@workbench We need a function greet(name) in src/greet.js. greet("Ada") must return "Hello, Ada".';

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

async function inSlack() {
  const slack = await startSlack();
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen: 'mentions' });
  const factory = await openFactory(front, slack, slack.apps.workbench);
  return { slack, projectId, factory, place };
}

describe('the factory in Slack', { timeout: TIMEOUT_MS }, () => {
  it('turns a mention into an idea whose canvas stands in its thread, said by Piper', async () => {
    const { slack, factory } = await inSlack();
    const said = slack.people.ana.say('ideas', IDEA);
    await slack.settled();
    await factory.settle();
    const canvas = slack.find('ideas', 'This is what I understood');
    expect(canvas.threadTs).toBe(said.ts);
    expect(slack.thread(said)).toContain('Piper');
    const posted = slack.callsTo('chat.postMessage');
    expect(posted.length).toBeGreaterThan(0);
    expect(posted.every(({ answer }) => (answer as { ok: boolean }).ok)).toBe(true);
    await slack.close();
  });

  it('hears every reply of the thread, once, under the name of who said it', async () => {
    const { slack, factory, place } = await inSlack();
    const said = slack.people.ana.say('ideas', IDEA);
    await slack.settled();
    await factory.settle();
    const reply = slack.people.ben.say('ideas', '@workbench It must be quick.', { thread: said });
    await slack.settled();
    await factory.settle();
    const idea = await front.desk.threadAt({ ...place, root: said.ts });
    const kept = await front.tools.unitOfWork.conversations.get(idea?.id ?? '');
    expect(kept?.messages.map(({ speaker, text }) => [speaker.toLowerCase(), text])).toEqual([
      ['ana', IDEA.replace('@workbench ', '')],
      ['ben', 'It must be quick.'],
    ]);
    expect(kept?.messages[1]?.originId).toBe(`live:slack/${slack.team.id}/${slack.channels.ideas}/${reply.ts}`);
    await slack.close();
  });

  it('does not post twice when the answer to a post was lost', async () => {
    const { slack, factory } = await inSlack();
    slack.faults.loseAnswer('chat.postMessage');
    const said = slack.people.ana.say('ideas', IDEA);
    await slack.settled();
    await factory.settle();
    await vi.waitFor(async () => expect(await front.tools.surfacePosts.due('slack', 10)).toEqual([]), TIMEOUT_MS);
    const texts = slack.replies(said).map((message) => slack.read(message));
    expect(texts.length).toBeGreaterThan(0);
    expect(new Set(texts).size).toBe(texts.length);
    await slack.close();
  });

  it('works after its start on what was accepted before it died', async () => {
    const { slack, factory, place } = await inSlack();
    await factory.stop();
    const body = {
      type: 'event_callback',
      api_app_id: 'A1',
      event_id: 'Ev0LEFT',
      team_id: slack.team.id,
      event: {
        type: 'app_mention',
        user: slack.people.ana.id,
        channel: slack.channels.ideas,
        ts: slack.people.ana.say('ideas', 'Sent while nobody was there.').ts,
        text: 'Build a function greet(name).',
      },
    };
    const { inbox } = front.tools.unitOfWork;
    const payload = JSON.stringify({
      ...body,
      event: { ...body.event, text: `<@${slack.apps.workbench.botUserId}> ${body.event.text}` },
    });
    await inbox.accept({ key: 'slack:A1:Ev0LEFT', surface: 'slack', payload, receivedAt: new Date().toISOString() });
    const again = await openFactory(front, slack, slack.apps.workbench);
    await again.settle();
    const idea = await front.desk.threadAt({ ...place, root: body.event.ts });
    expect(idea?.kind).toBe('idea');
    // What it said itself comes in again, and may be under way.
    const pending = await inbox.pending('slack', 100);
    expect(pending.map(({ key }) => key)).not.toContain('slack:A1:Ev0LEFT');
    await slack.close();
  });
});

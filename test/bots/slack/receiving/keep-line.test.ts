import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openFactory } from '../open-factory.ts';

let front: Front;
beforeEach(async () => {
  front = await openFront();
});
afterEach(() => front.close());

async function connected() {
  const slack = await startSlack();
  onTestFinished(() => slack.close());
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen: 'mentions' });
  const app = slack.apps.workbench;
  const factory = await openFactory(front, slack, app);
  const asked = () => slack.callsTo('apps.connections.open').length;
  return { slack, app, factory, asked };
}

describe('the line to Slack', () => {
  // An attempt that fails unheard would end the process: here vitest would report an error that nobody caught.
  it.each([
    ['cannot be reached', 'cut'],
    ['refuses', 'refuse'],
  ])('is opened again though Slack %s at first', async (_what, how) => {
    const { slack, app, factory, asked } = await connected();
    if (how === 'cut') slack.faults.cut('apps.connections.open');
    else slack.faults.error('apps.connections.open', 'invalid_auth');
    const before = asked();
    app.cutLine();
    await waitFor(() => asked() >= before + 2 && app.isConnected());
    const idea = slack.people.ana.say('ideas', '@workbench We need a function greet(name) in src/greet.js.');
    await slack.settled();
    await factory.settle();
    expect(slack.thread(idea)).toContain('This is what I understood');
  });

  it('is down after a stop, also when one was being opened', async () => {
    const { slack, app, factory, asked } = await connected();
    const before = asked();
    slack.faults.add('apps.connections.open', { kind: 'slow', byMs: 500 });
    app.cutLine();
    await waitFor(() => asked() > before);
    await factory.stop();
    // An answer that is later still: whatever the first one led to has been seen by then.
    slack.faults.add('auth.test', { kind: 'slow', byMs: 1_000 });
    await new WebClient(app.botToken, { slackApiUrl: slack.url }).auth.test();
    expect(app.isConnected()).toBe(false);
    expect(asked()).toBe(before + 1);
  });
});

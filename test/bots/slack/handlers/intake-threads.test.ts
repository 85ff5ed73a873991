import { WebClient } from '@slack/web-api';
import { describe, expect, it, vi } from 'vitest';
import { ingestShortcut } from '#bots/slack/manifest/commands.ts';
import { eachIntake, INTAKE_TIMEOUT_MS } from './open-intake.ts';
import type { Intake, Workspace } from './open-intake.ts';

let intake: Intake;
let slack: Workspace;
eachIntake((opened) => {
  ({ intake, slack } = opened);
});

/** A talk between two people and another bot, in a thread that nobody called us to. */
async function talk() {
  const { ana, ben } = slack.people;
  const first = ana.say('ideas', 'We need greet(name) in src/greet.js, @ben.');
  ben.say('ideas', 'It must say "Hello, Ada".', { thread: first });
  const helper = new WebClient(slack.apps.helper.botToken, { slackApiUrl: slack.url });
  await helper.chat.postMessage({ channel: slack.channels.ideas, thread_ts: first.ts, text: 'I propose src/hi.js.' });
  return first;
}

const TALK = [
  ['Ana', 'person', 'We need greet(name) in src/greet.js, @Ben.'],
  ['Ben', 'person', 'It must say "Hello, Ada".'],
  ['helper', 'assistant', 'I propose src/hi.js.'],
];

describe('an existing thread of Slack', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('comes in whole when somebody in it calls, each under their name and once, the newest wording first', async () => {
    const { ana, ben } = slack.people;
    const first = await talk();
    const typo = ben.say('ideas', 'It mst be quick.', { thread: first });
    ben.edit(typo, 'It must be quick.');
    const regretted = ben.say('ideas', 'Forget it.', { thread: first });
    ben.delete(regretted);
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toBeNull();

    const call = ana.say('ideas', '@workbench please take this in', { thread: first });
    await intake.quiet();
    const whole = [...TALK, ['Ben', 'person', 'It must be quick.'], ['Ana', 'person', 'please take this in']];
    expect(await intake.kept('ideas', first.ts)).toEqual(whole);
    expect(slack.thread(first)).toContain('This is what I understood');
    expect(slack.message(call).reactions.get('eyes')).toEqual([slack.apps.workbench.botUserId]);

    // Our own cards stand in it now, and are no part of the talk.
    ben.react(call, 'factory');
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toEqual(whole);
  });

  it.each(['reaction', 'shortcut'] as const)('comes in by %s on any of its messages', async (by) => {
    const { ben } = slack.people;
    const first = await talk();
    const reply = slack.replies(first)[0] ?? first;
    await intake.quiet();
    if (by === 'reaction') ben.react(reply, ':factory:');
    else await ben.messageShortcut(reply, ingestShortcut.callback_id);
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toEqual(TALK);
    expect(slack.message(reply).reactions.get('eyes')).toEqual([slack.apps.workbench.botUserId]);
    ben.say('ideas', 'And short.', { thread: first });
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toEqual([...TALK, ['Ben', 'person', 'And short.']]);
  });

  it('stays out with any other emoji, and with the factory emoji on our own cards', async () => {
    const first = await talk();
    slack.people.ben.react(first, 'eyes');
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toBeNull();
    expect(intake.told('ben')).toBe('');
  });

  it('comes in with all its pages, and with what people who left had said', async () => {
    const { ana, ben } = slack.people;
    const first = ana.say('ideas', 'We need greet(name) in src/greet.js.');
    for (let n = 1; n <= 230; n += 1) ben.say('ideas', `Point ${n}.`, { thread: first });
    ben.leaveWorkspace();
    await intake.quiet();
    ana.say('ideas', '@workbench', { thread: first });
    await intake.quiet();
    const kept = await intake.kept('ideas', first.ts);
    expect(kept?.length).toBe(231);
    expect(kept?.at(-1)).toEqual(['Ben', 'person', 'Point 230.']);
  });

  it('is waited for while Slack is busy', async () => {
    const first = await talk();
    await intake.quiet();
    // More often than a delivery is tried again.
    slack.faults.rateLimit('conversations.replies', 1, { times: 4 });
    slack.people.ana.react(first, 'factory');
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toEqual(TALK);
  });

  it('keeps what is said while it is read', async () => {
    const first = await talk();
    await intake.quiet();
    slack.faults.add(
      'conversations.replies',
      { kind: 'slow', byMs: 3_000 },
      { when: ({ limit }) => Number(limit) > 1 },
    );
    slack.people.ana.react(first, 'factory');
    await vi.waitFor(() => expect(slack.callsTo('conversations.replies')).toHaveLength(2), { timeout: 90_000 });
    slack.people.ben.say('ideas', 'Wait, one more.', { thread: first });
    await intake.quiet();
    expect(await intake.kept('ideas', first.ts)).toEqual([...TALK, ['Ben', 'person', 'Wait, one more.']]);
  });

  it('of nothing but a picture gets a private sentence', async () => {
    const { ana } = slack.people;
    const picture = ana.say('ideas', '', { files: [{ name: 'board.png', content: Buffer.from([0, 1]) }] });
    ana.react(picture, 'factory');
    await intake.quiet();
    expect(intake.told('ana')).toContain('There are no words in that thread');
  });
});

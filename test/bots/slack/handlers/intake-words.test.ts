import { describe, expect, it } from 'vitest';
import { receiptOf } from '#bots/slack/receiving/delivery.ts';
import type { Front } from '#test/desk/front.ts';
import { eachIntake, INTAKE_TIMEOUT_MS } from './open-intake.ts';
import type { Intake, Workspace } from './open-intake.ts';

const IDEA = 'We need greet(name) in src/greet.js.';

let front: Front;
let intake: Intake;
let slack: Workspace;
eachIntake((opened) => {
  ({ front, intake, slack } = opened);
});

async function ideas(): Promise<string[]> {
  return (await front.tools.unitOfWork.conversations.list(intake.projectId)).map(({ title }) => title);
}

describe('what people change in Slack', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('is changed and taken back where it was taken in, and nowhere else', async () => {
    const { ana, ben } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    const reply = ben.say('ideas', 'It must be quick.', { thread: idea });
    const other = ben.say('ideas', 'It must be blue.', { thread: idea });
    await intake.quiet();
    ana.edit(idea, '@workbench We need greet(name) in src/hello.js.');
    ben.edit(reply, 'It must be quick and small.');
    ben.delete(other);
    const elsewhere = ben.say('ideas', 'Lunch?');
    ben.edit(elsewhere, 'Lunch at one?');
    await intake.quiet();
    expect(await intake.kept('ideas', idea.ts)).toEqual([
      ['Ana', 'person', 'We need greet(name) in src/hello.js.'],
      ['Ben', 'person', 'It must be quick and small.'],
      ['Ben', 'person', ''],
    ]);
    expect(await intake.kept('ideas', elsewhere.ts)).toBeNull();
    ana.delete(idea);
    await intake.quiet();
    expect((await intake.kept('ideas', idea.ts))?.[0]).toEqual(['Ana', 'person', '']);
    // Our own cards were edited meanwhile; nobody takes that for words.
    expect((await intake.kept('ideas', idea.ts))?.length).toBe(3);
  });

  it('does not bring back what was forgotten', async () => {
    const { ana } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    const reply = ana.say('ideas', 'aside: secret one', { thread: idea });
    await intake.quiet();
    const thread = await front.desk.threadAt({
      surface: 'slack',
      team: slack.team.id,
      channel: slack.channels.ideas,
      root: idea.ts,
    });
    if (thread === null) throw new Error('the idea was not taken in');
    await front.desk.forget(`slack:${ana.id}`, thread.id);
    ana.edit(reply, 'aside: secret two');
    await intake.quiet();
    expect(JSON.stringify(await front.tools.posts.thread(thread))).not.toContain('secret');
  });
});

describe('a direct message', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('begins and goes on without a call, in the only project that there is', async () => {
    const { ana } = slack.people;
    const idea = ana.tell('workbench', IDEA);
    await intake.quiet();
    ana.tell('workbench', 'It must be quick.', { thread: idea });
    await intake.quiet();
    expect(await intake.kept(idea.channel, idea.ts)).toEqual([
      ['Ana', 'person', IDEA],
      ['Ana', 'person', 'It must be quick.'],
    ]);
    expect(slack.thread(idea)).toContain('Piper');
    expect(slack.message(idea).reactions.has('eyes')).toBe(true);
    ana.tell('workbench', 'status');
    await intake.quiet();
    expect(await ideas()).toHaveLength(1);
    expect(intake.told('ana')).not.toBe('');
  });

  it('of a person with several projects is told how to choose', async () => {
    await front.desk.createProject('ada', 'Another');
    slack.people.ana.tell('workbench', IDEA);
    await intake.quiet();
    expect(await ideas()).toEqual([]);
    expect(intake.told('ana')).toContain('There are 2 projects. Type /workbench bind here to choose yours.');
  });
});

describe('words in a channel', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('that ask something are answered to the one person, and begin nothing', async () => {
    const { ana } = slack.people;
    ana.say('ideas', '@workbench sprint status');
    await intake.quiet();
    expect(await ideas()).toEqual([]);
    expect(intake.told('ana')).toContain('sprint');
    ana.say('ideas', '@workbench remember for Vera: keep the accents');
    await intake.quiet();
    expect(await ideas()).toEqual([]);
    expect(intake.told('ana')).toContain('Lesson 1, for Vera, waits for a yes.');
    const talk = ana.say('ideas', 'Lunch?');
    ana.say('ideas', '@workbench backlog', { thread: talk });
    await intake.quiet();
    expect(await ideas()).toEqual([]);
    expect(intake.told('ana')).toContain('backlog');
    ana.say('ideas', '@workbench');
    await intake.quiet();
    expect(intake.told('ana')).toContain('Say behind my name what should exist');
  });

  it('are heard of by two events and taken for one', async () => {
    slack.people.ana.say('ideas', '@workbench');
    await intake.quiet();
    expect(slack.ephemerals('ana')).toHaveLength(1);
  });

  it('that came in with their thread are not taken in again when they are delivered', async () => {
    const { ana } = slack.people;
    const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
    const first = ana.say('ideas', IDEA);
    const originId = `slack/${slack.team.id}/${slack.channels.ideas}/${first.ts}`;
    const words = [{ originId, speaker: 'Ana', role: 'person' as const, at: '2026-11-20T10:00:00.000Z', text: IDEA }];
    await front.desk.joinThread('slack:U0ANA', { ...place, root: first.ts }, intake.projectId, words);
    const thread = await front.desk.threadAt({ ...place, root: first.ts });
    if (thread === null) throw new Error('the thread was not joined');
    await front.say('slack:U0ANA', thread, IDEA, originId);
    expect(await intake.kept('ideas', first.ts)).toHaveLength(1);
  });

  it('are taken back after they were heard, never before', () => {
    const event = { type: 'message', channel: 'C1', ts: '2.0', thread_ts: '1.0' };
    const gone = { type: 'message', subtype: 'message_deleted', channel: 'C1', ts: '3.0', previous_message: event };
    expect(receiptOf({ event_id: 'E2', event: gone }).lane).toBe(receiptOf({ event_id: 'E1', event }).lane);
  });

  it('begin an idea each where all is listened to; commands, asides and threads between people excepted', async () => {
    const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
    const { projectId } = intake;
    await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen: 'all' });
    const { ana, ben } = slack.people;
    const idea = ana.say('ideas', IDEA);
    ana.say('ideas', 'status');
    ana.say('ideas', 'btw: lunch?');
    const aside = ben.say('ideas', '(nobody reads this)');
    ana.say('ideas', 'I do.', { thread: aside });
    await intake.quiet();
    expect(await ideas()).toEqual([IDEA]);
    expect(slack.message(idea).reactions.has('eyes')).toBe(true);
    expect(slack.message(aside).reactions.has('eyes')).toBe(false);
  });

  it('are kept when they are long, and in every shape that Slack gives them, but for those of bots (A26)', async () => {
    const { ana } = slack.people;
    const long = `${IDEA} ${'It must be quick. '.repeat(2_300)}`.trim();
    const idea = ana.say('ideas', `@workbench ${long}`);
    await intake.quiet();
    const base = { user: ana.id, channel: slack.channels.ideas, channel_type: 'channel', thread_ts: idea.ts };
    const say = async (subtype: string, ts: string, text: string) => {
      slack.publisher.toApp('message.channels', appOf(), { ...base, type: 'message', subtype, ts, text });
      await slack.settled();
    };
    await say('me_message', '1999999999.000100', 'waves');
    await say('thread_broadcast', '1999999999.000200', 'For all: it must be small.');
    await say('channel_join', '1999999999.000300', 'has joined');
    await say('bot_message', '1999999999.000400', 'beep');
    const ofBot = { ...base, bot_id: 'B0OTHER', type: 'message', ts: '1999999999.000500', text: 'boop' };
    slack.publisher.toApp('message.channels', appOf(), ofBot);
    await slack.settled();
    await intake.quiet();
    expect((await intake.kept('ideas', idea.ts))?.[0]?.[2] === long).toBe(true);
    expect((await intake.kept('ideas', idea.ts))?.slice(1)).toEqual([
      ['Ana', 'person', 'waves'],
      ['Ana', 'person', 'For all: it must be small.'],
    ]);
  });
});

function appOf() {
  const app = [...slack.workspace.apps.values()].find(({ name }) => name === 'workbench');
  if (app === undefined) throw new Error('there is no app');
  return app;
}

describe('eyes on a message', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('are best effort', async () => {
    slack.faults.error('reactions.add', 'missing_scope');
    const idea = slack.people.ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    expect(await intake.kept('ideas', idea.ts)).toEqual([['Ana', 'person', IDEA]]);
    expect(slack.message(idea).reactions.size).toBe(0);
  });
});

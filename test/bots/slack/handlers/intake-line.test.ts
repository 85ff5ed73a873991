import { describe, expect, it, vi } from 'vitest';
import { ingestShortcut } from '#bots/slack/manifest/commands.ts';
import { openFactory } from '#test/bots/slack/open-factory.ts';
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

/** Said while nobody hears it: a reply, a new idea by call, and talk that is not for the factory. */
function sayUnheard(idea: { ts: string }) {
  const { ana, ben } = slack.people;
  ben.say('ideas', 'It must be quick.', { thread: idea });
  const lunch = ben.say('ideas', 'Lunch?');
  const second = ana.say('ideas', '@workbench We need part(name) in src/part.js.');
  return { lunch, second };
}

async function seeCaughtUp(idea: { ts: string }, { lunch, second }: ReturnType<typeof sayUnheard>) {
  expect(await intake.kept('ideas', idea.ts)).toEqual([
    ['Ana', 'person', IDEA],
    ['Ben', 'person', 'It must be quick.'],
  ]);
  expect(await intake.kept('ideas', second.ts)).toEqual([['Ana', 'person', 'We need part(name) in src/part.js.']]);
  expect(await intake.kept('ideas', lunch.ts)).toBeNull();
}

describe('what was said while the line was down', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('is read when the line is up again, once (F15, I1)', async () => {
    const idea = slack.people.ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    slack.deliveryFaults.drop.next(Infinity);
    const unheard = sayUnheard(idea);
    await intake.quiet();
    slack.deliveryFaults.drop.none();
    expect(await intake.kept('ideas', unheard.second.ts)).toBeNull();
    slack.apps.workbench.askToReconnect();
    await vi.waitFor(
      async () => {
        await intake.quiet();
        await seeCaughtUp(idea, unheard);
      },
      { timeout: 90_000, interval: 200 },
    );
    slack.people.ben.say('ideas', 'And small.', { thread: idea });
    await intake.quiet();
    expect((await intake.kept('ideas', idea.ts))?.at(-1)).toEqual(['Ben', 'person', 'And small.']);
  });

  it('is read after a start, and what was forgotten stays so', async () => {
    const idea = slack.people.ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    const forgotten = slack.people.ana.say('ideas', '@workbench We need secret(name) in src/secret.js.');
    await intake.quiet();
    const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
    const thread = await front.desk.threadAt({ ...place, root: forgotten.ts });
    await front.desk.forget(`slack:${slack.people.ana.id}`, thread?.id ?? '');
    await intake.factory.stop();
    slack.deliveryFaults.drop.next(Infinity);
    const unheard = sayUnheard(idea);
    await slack.settled();
    slack.deliveryFaults.drop.none();
    intake.factory = await openFactory(front, slack, slack.apps.workbench);
    await intake.factory.settle();
    await seeCaughtUp(idea, unheard);
    expect(JSON.stringify(await intake.kept('ideas', forgotten.ts))).not.toContain('secret');
  });
});

describe('what people did while the line was down', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('to words that were kept is followed after a start, and a 🏭 takes its thread in', async () => {
    const { ana, ben } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    const [quick, blue] = [
      ben.say('ideas', 'It must be quick.', { thread: idea }),
      ben.say('ideas', 'And it must be blue.', { thread: idea }),
    ];
    const talk = ana.say('ideas', 'We need part(name) in src/part.js.');
    await intake.quiet();
    await intake.factory.stop();
    slack.deliveryFaults.drop.next(Infinity);
    ben.edit(quick, 'It must be quick and small.');
    ben.delete(blue);
    ana.react(talk, 'factory');
    await slack.settled();
    slack.deliveryFaults.drop.none();
    expect((await intake.kept('ideas', idea.ts))?.map(([, , text]) => text)).toContain('And it must be blue.');
    intake.factory = await openFactory(front, slack, slack.apps.workbench);
    await intake.factory.settle();
    expect(await intake.kept('ideas', idea.ts)).toEqual([
      ['Ana', 'person', IDEA],
      ['Ben', 'person', 'It must be quick and small.'],
      ['Ben', 'person', ''],
    ]);
    expect(await intake.kept('ideas', talk.ts)).toEqual([['Ana', 'person', 'We need part(name) in src/part.js.']]);
    expect(slack.callsTo('conversations.replies').length).toBeLessThan(20);
  });
});

describe('a stop', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('does not wait for a Slack that is busy; what was asked is done at the next start', async () => {
    const { ana } = slack.people;
    const talk = ana.say('ideas', `${IDEA} It must be quick.`);
    await intake.quiet();
    slack.faults.rateLimit('conversations.replies', 3_600, { times: 1 });
    ana.react(talk, 'factory');
    await slack.settled();
    await vi.waitFor(() => expect(slack.callsTo('conversations.replies')).toHaveLength(1), { timeout: 90_000 });
    await intake.factory.stop();
    expect(await intake.kept('ideas', talk.ts)).toBeNull();
    intake.factory = await openFactory(front, slack, slack.apps.workbench);
    await intake.factory.settle();
    expect(await intake.kept('ideas', talk.ts)).not.toBeNull();
  });
});

describe('a channel of Slack', { timeout: INTAKE_TIMEOUT_MS }, () => {
  it('takes what waited as soon as the app is invited', async () => {
    const { ana } = slack.people;
    const idea = ana.say('ideas', `@workbench ${IDEA}`);
    await intake.quiet();
    const before = slack.replies(idea).length;
    ana.remove('ideas', 'workbench');
    await intake.quiet();
    const thread = await front.desk.threadAt({
      surface: 'slack',
      team: slack.team.id,
      channel: slack.channels.ideas,
      root: idea.ts,
    });
    if (thread === null) throw new Error('the idea was not taken in');
    await front.tools.posts.say({
      key: 'waiting',
      thread,
      author: { kind: 'persona', name: 'tess' },
      card: { kind: 'message', lead: 'I waited.', tone: 'plain', blocks: [], actions: [], outcome: null },
      mentions: [],
    });
    await intake.quiet();
    expect(slack.replies(idea)).toHaveLength(before);
    ana.invite('ideas', 'workbench');
    await intake.quiet();
    expect(slack.thread(idea)).toContain('I waited.');
  });

  it('takes what waited once it is no longer archived', async () => {
    const idea = slack.people.ana.say('ideas', `@workbench ${IDEA}`);
    await slack.settled();
    slack.archive('ideas');
    await intake.quiet();
    expect(slack.replies(idea)).toEqual([]);
    slack.unarchive('ideas');
    await intake.quiet();
    expect(slack.thread(idea)).toContain('Piper');
  });

  it('keeps its project under a new name', async () => {
    slack.rename('ideas', 'new-ideas');
    await intake.quiet();
    const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
    expect(await front.desk.channel(place)).toMatchObject({ name: 'new-ideas', projectId: intake.projectId });
  });

  it('that works on no project, or that we are not in, says so to the one who asked', async () => {
    const { ana } = slack.people;
    const elsewhere = ana.say('lounge', 'Lunch?');
    ana.react(elsewhere, 'factory');
    await intake.quiet();
    expect(intake.told('ana')).toContain('This channel works on no project yet. Type /workbench bind to choose one.');
    ana.remove('lounge', 'workbench');
    await ana.messageShortcut(elsewhere, ingestShortcut.callback_id);
    await intake.quiet();
    expect(intake.told('ana')).toContain('I am not in this conversation');
  });
});

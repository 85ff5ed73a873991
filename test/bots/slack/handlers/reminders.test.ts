import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startReminders } from '#src/desk/reminders.ts';
import { FactoryError } from '#src/errors.ts';
import { dayAndHour, nextReminderAt, nextWorkingDayAt } from '#src/working-hours.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea } from './in-slack.ts';

const TIMEOUT_MS = 120_000;
const HOUR_MS = 3_600_000;
const HOURS = { fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'UTC' };

let front: Front;
beforeEach(async () => {
  front = await openFront();
  front.tools.workingHours = HOURS;
}, TIMEOUT_MS);
afterEach(() => front.close());

/** The line, whose review waits for these. */
const waitsFor =
  (whom: string): Stunt =>
  async (_context, done) => {
    const report = await done();
    return {
      ...report,
      decide: (...now) =>
        report.decide(...now).map((event) => ({ ...event, body: { ...event.body, waitsFor: whom } }) as typeof event),
    };
  };

/** A review card that waits for Ana, or for others, and a clock to look back at it from. */
async function asked(whom?: string) {
  const idea = await inIdea(front);
  const ana = `slack:${idea.ana.id}`;
  front.approvers = (whom ?? ana).split(', ');
  await idea.ben.press(idea.slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
  await idea.settle();
  const [task] = await front.tools.unitOfWork.tables.find('story_tasks', {});
  await passOn(front.tools.unitOfWork, createFakeLine({ open: waitsFor(whom ?? ana) }).steps)(task?.id ?? '');
  const card = () => idea.slack.find('ideas', 'Please decide on');
  await vi.waitFor(() => idea.settle().then(card), { timeout: 90_000, interval: 200 });
  const post = await front.post(`review:${task?.id}:1`);
  const dueAt = nextReminderAt(new Date(post.postedAt), HOURS);
  return {
    ...idea,
    post,
    card,
    dueAt,
    /** What was said besides, as people see it; after a look at this time. */
    async remindersAt(at: Date): Promise<string[]> {
      await remindAt(at);
      await idea.settle();
      return idea.slack
        .messages('ideas')
        .map((message) => idea.slack.read(message))
        .filter((text) => /Task 1 (?:still waits|waited)/.test(text));
    },
    reminder: () => idea.slack.find('ideas', 'Task 1 still waits'),
  };
}

/** What the process does each minute, at this time. */
async function remindAt(at: Date): Promise<void> {
  front.tools.clock = { now: () => at };
  const running = startReminders(front.tools, () => {});
  await running.settle();
  await running.stop();
}

const later = (at: Date, ms: number) => new Date(at.getTime() + ms);

describe('a reminder in Slack', { timeout: TIMEOUT_MS }, () => {
  it('comes once, in the thread of the task, to whoever was asked, after four hours of work time', async () => {
    const { slack, ana, card, dueAt, remindersAt, reminder } = await asked();
    expect(await remindersAt(later(dueAt, -1))).toEqual([]);
    expect(await remindersAt(dueAt)).toHaveLength(1);
    expect(reminder().threadTs).toBe(card().threadTs);
    expect(reminder().text).toBe(`Task 1 still waits for your review. <@${ana.id}>`);
    expect(slack.read(reminder())).toContain('Snooze');
    expect(
      slack.callsTo('chat.postMessage').findLast(({ args }) => String(args['text']).includes('still'))?.args,
    ).toMatchObject({ username: 'Tess' });
    for (const ms of [60_000, 24 * HOUR_MS, 10 * 24 * HOUR_MS])
      expect(await remindersAt(later(dueAt, ms))).toHaveLength(1);
    await slack.close();
  });

  it('waits for the morning when nobody looked in time', async () => {
    const { slack, dueAt, remindersAt } = await asked();
    const night = new Date(dueAt);
    night.setUTCHours(23);
    expect(await remindersAt(night)).toEqual([]);
    expect(await remindersAt(nextWorkingDayAt(night, HOURS))).toHaveLength(1);
    await slack.close();
  });

  it('is snoozed by whoever was asked until the next working morning, and comes once more then', async () => {
    const { slack, settle, ana, ben, told, dueAt, remindersAt, reminder } = await asked();
    await remindersAt(dueAt);
    const until = nextWorkingDayAt(dueAt, HOURS);
    await ben.press(reminder(), 'Snooze');
    await settle();
    expect(told(ben).at(-1)).toMatch(/^This waits for somebody else\. Leave it to [Aa]na\.$/);
    const first = reminder();
    await Promise.all([ana.press(first, 'Snooze'), ana.press(first, 'Snooze')]);
    await settle();
    expect(told(ana)).toContain(`Reminds you again on ${dayAndHour(until, HOURS)}.`);
    expect(slack.read(slack.message(first))).toMatch(
      new RegExp(`Task 1 waited for your review\\.[^]*[Aa]na snoozed it until ${dayAndHour(until, HOURS)}\\.`),
    );
    expect(await remindersAt(later(until, -1))).toHaveLength(1);
    expect(await remindersAt(until)).toHaveLength(2);
    expect(reminder().text).toContain(`<@${ana.id}>`);
    expect(await remindersAt(later(until, 48 * HOUR_MS))).toHaveLength(2);
    await slack.close();
  });

  it('loses its button once the card is decided, and says so', async () => {
    const { slack, settle, ana, card, dueAt, remindersAt, reminder } = await asked();
    await remindersAt(dueAt);
    const said = reminder();
    await ana.press(card(), 'Approve');
    await settle();
    await remindersAt(later(dueAt, 1));
    const shown = slack.read(slack.message(said));
    expect(shown).toContain('Decided; the card above says how.');
    expect(shown).not.toContain('Snooze');
    expect(await front.tools.reminders.open()).toEqual([]);
    await slack.close();
  });

  it('asks for an answer where the work is stuck, and says when it was given', async () => {
    const { slack, settle, ben, projectId } = await inIdea(front);
    await ben.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
    await settle();
    const [task] = await front.tools.unitOfWork.tables.find('story_tasks', { projectId });
    const fail: Stunt = () => Promise.reject(new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.' }));
    await passOn(front.tools.unitOfWork, createFakeLine({ plan: fail }).steps)(task?.id ?? '');
    await vi.waitFor(() => settle().then(() => slack.find('ideas', 'The disk is full.')), { timeout: 90_000 });
    const [ask] = (await front.tools.reminders.open()).map(({ post }) => post);
    const dueAt = nextReminderAt(new Date(ask?.postedAt ?? ''), HOURS);
    await remindAt(dueAt);
    await settle();
    const said = slack.find('ideas', 'Task 1 still waits for your answer.');
    expect(said.text).toContain(`<@${ben.id}>`);
    await ben.press(slack.find('ideas', 'The disk is full.'), 'Retry');
    await settle();
    await remindAt(dueAt);
    await settle();
    expect(slack.read(slack.message(said))).toContain('Answered; the card above says how.');
    await slack.close();
  });

  it('is not said of what was decided in time', async () => {
    const { slack, settle, ana, card, dueAt, remindersAt } = await asked();
    await ana.press(card(), 'Approve');
    await settle();
    expect(await remindersAt(dueAt)).toEqual([]);
    await slack.close();
  });

  it('is said once though the process dies before it is noted', async () => {
    const { slack, dueAt, remindersAt } = await asked();
    const { said } = front.tools.reminders;
    front.tools.reminders.said = () => Promise.reject(new Error('killed'));
    expect(await remindersAt(dueAt)).toHaveLength(1);
    front.tools.reminders.said = said;
    expect(await remindersAt(later(dueAt, 60_000))).toHaveLength(1);
    expect(await remindersAt(later(dueAt, 24 * HOUR_MS))).toHaveLength(1);
    await slack.close();
  });

  it('is said once though two processes look at once', async () => {
    const { slack, dueAt, remindersAt } = await asked();
    await Promise.all([remindersAt(dueAt), remindersAt(dueAt), remindersAt(dueAt)]);
    expect(await remindersAt(dueAt)).toHaveLength(1);
    await slack.close();
  });

  it('calls nobody who left, or who may not approve any more', async () => {
    const { slack, ana, dueAt, remindersAt, reminder } = await asked('slack:U0GONE, slack:S0LEADS');
    front.approvers = ['slack:S0LEADS'];
    await remindersAt(dueAt);
    expect(reminder().text).toBe('Task 1 still waits for your review. <!subteam^S0LEADS>');
    expect(reminder().text).not.toContain(ana.id);
    await slack.close();
  });

  it('does not call whoever committed the story, who may not approve it', async () => {
    const { slack, ana, ben, dueAt, remindersAt, reminder } = await asked('slack:U0000000BEN, slack:U0000000ANA');
    expect([ana.id, ben.id]).toEqual(['U0000000ANA', 'U0000000BEN']);
    await remindersAt(dueAt);
    expect(reminder().text).toBe(`Task 1 still waits for your review. <@${ana.id}>`);
    await slack.close();
  });

  it('calls nobody who left the workspace', async () => {
    const { slack, ana, settle, dueAt, remindersAt, reminder } = await asked();
    ana.leaveWorkspace();
    await settle();
    await remindersAt(dueAt);
    expect(reminder().text).toBe('Task 1 still waits for your review.');
    expect(JSON.stringify(reminder().blocks)).not.toContain('"type":"user"');
    await slack.close();
  });

  it('is snoozed by members of a group that was asked', async () => {
    const { slack, settle, ana, ben, told, dueAt, remindersAt, reminder } = await asked('slack:S0LEADS');
    front.groups = { members: async () => [`slack:${ana.id}`] };
    await remindersAt(dueAt);
    await ben.press(reminder(), 'Snooze');
    await ana.press(reminder(), 'Snooze');
    await settle();
    expect(told(ben).at(-1)).toContain('somebody else');
    expect(told(ana).at(-1)).toContain('Reminds you again');
    await slack.close();
  });

  it('never comes where people are not to be reminded', async () => {
    const { slack, dueAt, remindersAt } = await asked();
    front.tools.workingHours = null;
    expect(await remindersAt(dueAt)).toEqual([]);
    await slack.close();
  });
});

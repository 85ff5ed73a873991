import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { openFactory } from '#test/bots/slack/open-factory.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea } from './in-slack.ts';

const TIMEOUT_MS = 120_000;
const IDEA = `@workbench As a visitor I want to be greeted by name. Write a function greet in src/greet.js:
\`\`\`js
// src/greet.js
export const greet = (name) => name;
\`\`\``;

let front: Front;
beforeEach(async () => {
  front = await openFront();
  front.model = true;
}, TIMEOUT_MS);
afterEach(() => front.close());

async function onlyTask() {
  const [row] = await front.tools.unitOfWork.tables.find('story_tasks', {});
  const task = await loadTask(front.tools.unitOfWork, row?.id ?? '');
  if (task === null) throw new Error('there is no task');
  return task;
}

describe('a persona', { timeout: TIMEOUT_MS }, () => {
  it('is addressed by its name at the start of a reply, and answers that person under its name', async () => {
    const { slack, settle, ben, ana, told } = await inIdea(front);
    await ben.press(slack.find('ideas', 'Commit'), 'Commit to sprint');
    await settle();
    const card = slack.find('ideas', 'Task 1 · ');
    ben.say('ideas', 'Mason, why two files?', { thread: card });
    await settle();
    expect((await onlyTask()).steering).toMatchObject([{ by: `slack:${ben.id}`, to: 'mason' }]);
    expect(told(ben).at(-1)).toBe('I read this before I plan.');
    expect(slack.callsTo('chat.postEphemeral').at(-1)?.args).toMatchObject({ username: 'Mason' });
    ben.say('ideas', 'Mason is slow today', { thread: card });
    await settle();
    expect((await onlyTask()).steering.at(-1)).toMatchObject({ to: null });
    expect(slack.callsTo('chat.postEphemeral').at(-1)?.args).not.toHaveProperty('username');
    expect(told(ana)).toEqual([]);
    await slack.close();
  });

  it('with an app of its own is addressed by a mention of it', async () => {
    const slack = await startSlack({
      people: { ana: {} },
      apps: { workbench: {}, mason: { botName: 'mason', events: [] } },
      channels: { ideas: {} },
    });
    const projectId = await front.project();
    const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
    const { ana } = slack.people;
    await front.desk.bindChannel(`slack:${ana.id}`, place, { projectId, name: 'ideas', listen: 'mentions' });
    const { workbench, mason } = slack.apps;
    const factory = await openFactory(front, slack, workbench, undefined, { mason: mason.botToken });
    const settle = async (): Promise<void> => {
      await slack.settled();
      await factory.settle();
    };
    ana.say('ideas', IDEA);
    await settle();
    await ana.press(slack.find('ideas', 'Commit'), 'Commit to sprint');
    await settle();
    ana.say('ideas', '@mason why two files?', { thread: slack.find('ideas', 'Task 1 · ') });
    await settle();
    expect((await onlyTask()).steering).toMatchObject([{ to: 'mason' }]);
    ana.say('ideas', '@mason pause', { thread: slack.find('ideas', 'Task 1 · ') });
    await settle();
    expect((await onlyTask()).paused).toBe(true);
    await slack.close();
  });
});

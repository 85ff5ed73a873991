import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea, inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

const sprints = () => front.tools.unitOfWork.tables.find('sprints', {}, { orderBy: 'number' });
const tasks = () => front.tools.unitOfWork.tables.find('story_tasks', {});

describe('sprints in Slack', { timeout: TIMEOUT_MS }, () => {
  it('are planned, started and closed by slash commands and buttons', async () => {
    const { slack, settle, ana, ben, told } = await inIdea(front);
    const ask = async (line: string): Promise<string | undefined> => {
      await ana.command('ideas', line);
      await settle();
      return told(ana).at(-1);
    };
    expect(await ask('/sprint start Greet everybody')).toBe('Sprint 1 is open.');
    expect(slack.read(slack.find('ideas', 'Sprint 1: nothing is in it yet'))).toContain('Greet everybody');

    expect(await ask('/sprint plan')).toBe('It stands in the channel now.');
    const plan = slack.find('ideas', '1 story with');
    expect(plan.threadTs).toBeNull();
    expect(slack.read(plan)).toContain('no sprint was closed yet');
    await ben.press(plan, 'Commit to sprint');
    await settle();
    expect(await tasks()).toHaveLength(1);
    expect(slack.find('ideas', 'No story in the backlog can start now').ts).toBe(plan.ts);

    await ask('/sprint close');
    const question = slack.find('ideas', 'Close sprint 1?');
    expect(await sprints()).toMatchObject([{ status: 'open' }]);
    await ben.press(question, 'Close sprint 1');
    await settle();
    expect(await sprints()).toMatchObject([{ status: 'closed' }]);
    expect(slack.find('ideas', 'Closed by').ts).toBeDefined();
    const closed = slack.read(slack.find('ideas', 'Sprint 1 is closed'));
    expect(closed).toContain('Goes on, and counts to the next sprint');
    expect(closed).toContain('Closed by');
    expect(closed).not.toMatch(/slack:[A-Z0-9]/);
    await slack.close();
  });

  it('are closed from a thread by a mention too, where the question stands', async () => {
    const { slack, settle, said, ana, ben } = await inIdea(front);
    const say = async (text: string): Promise<void> => {
      ana.say('ideas', text, { thread: said });
      await settle();
    };
    await say('@workbench sprint start Greet: everybody');
    expect(await sprints()).toMatchObject([{ goal: 'Greet: everybody', status: 'open' }]);
    await say('@workbench sprint close');
    const question = slack.replies(said).find((reply) => slack.read(reply).includes('Close sprint 1?'));
    await ben.press(question ?? said, 'Close sprint 1');
    await settle();
    expect(await sprints()).toMatchObject([{ status: 'closed' }]);
    await slack.close();
  });
});

describe('run and canvas in Slack', { timeout: TIMEOUT_MS }, () => {
  it('start the stories of the thread, and lead to its canvas', async () => {
    const { slack, settle, said, ana, told } = await inIdea(front);
    const canvas = slack.replies(said).find((reply) => slack.read(reply).includes('This is what I understood'));
    ana.say('ideas', '@workbench canvas', { thread: said });
    await settle();
    const answer = ana.ephemerals().at(-1);
    expect(told(ana).at(-1)).toContain('The canvas of');
    const address = `p${canvas?.ts.replace('.', '')}?thread_ts=${said.ts}&cid=${slack.channels.ideas}`;
    expect(JSON.stringify(answer?.blocks)).toContain(address);

    await ana.command('ideas', '/workbench canvas');
    await settle();
    expect(JSON.stringify(ana.ephemerals().at(-1)?.blocks)).toContain(address);
    ana.say('ideas', '@workbench canvas');
    await settle();
    expect(JSON.stringify(ana.ephemerals().at(-1)?.blocks)).toContain(address);

    ana.say('ideas', '@workbench run', { thread: said });
    await settle();
    expect(told(ana).at(-1)).toContain('1 story is in the sprint now.');
    expect(await tasks()).toMatchObject([{ requester: `slack:${ana.id}` }]);
    expect(ana.ephemerals()).toHaveLength(4);
    await slack.close();
  });

  it('begin no idea in a channel that listens to all', async () => {
    const { slack, settle, projectId, place, ana } = await inSlack(front);
    await front.desk.bindChannel(`slack:${ana.id}`, place, { projectId, name: 'ideas', listen: 'all' });
    for (const words of ['run', 'canvas', 'sprint plan', 'sprint start Greet']) ana.say('ideas', words);
    await settle();
    expect(await front.tools.unitOfWork.conversations.list(projectId)).toEqual([]);
    await slack.close();
  });
});

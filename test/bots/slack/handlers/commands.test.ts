import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea, inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

describe('slash commands', { timeout: TIMEOUT_MS }, () => {
  it('ask the project of the channel, and answer the one who typed', async () => {
    const { slack, settle, projectId, ana, ben, told } = await inSlack(front);
    const ask = async (line: string): Promise<string | undefined> => {
      await ana.command('ideas', line);
      await settle();
      return told(ana).at(-1);
    };
    expect(await ask('/sprint')).toContain('No sprint is open.');
    expect(await ask('/sprint status')).toContain('No sprint is open.');
    expect(await ask('/backlog')).toContain('The backlog is empty.');
    expect(await ask('/workbench model off')).toContain('nothing said in this project is sent to a model');
    const off = await front.tools.unitOfWork.tables.get('model_switches', `project:${projectId}`);
    expect(off?.actor).toBe(`slack:${ana.id}`);
    const help = await ask('/workbench');
    expect(help).toContain('/workbench bind chooses the project');
    expect(help).toContain('/sprint plan shows what could go into the sprint');
    expect(help).toContain('retro, lessons, run');
    expect(await ask('/workbench forget')).toContain('Say @workbench forget in the thread');
    expect(await ask('/retro')).toContain('a quiet week');
    expect(await ask('/workbench retro')).toContain('a quiet week');
    expect(await ask('/workbench lessons')).toContain('It stands in the channel now.');
    expect(await ask('/workbench remember: keep the accents')).toContain('Lesson 1, for every task, waits for a yes.');
    expect(await ask('/sprint lessons')).toContain('I do not know “sprint lessons”.');
    expect(await ask('/sprint retro')).toContain('I do not know “sprint retro”.');
    expect(await ask('/sprint close')).toContain('nothing to close');
    expect(await ask('/workbench run')).toContain('No story waits here');
    expect(await ask('/workbench canvas')).toContain('no canvas here yet');
    expect(await front.tools.unitOfWork.conversations.list(projectId)).toEqual([]);
    expect(told(ben)).toEqual([]);
    await slack.close();
  });

  it('offer a project where there is none', async () => {
    const { slack, settle, ana, told, modal } = await inSlack(front, { isBound: false });
    await ana.command('ideas', '/workbench status');
    await settle();
    expect(told(ana).at(-1)).toContain('works on no project yet');
    await ana.press(ana.ephemerals().at(-1)?.ts ?? '', 'Choose a project');
    await settle();
    expect(modal(ana)).toContain('Project of this channel');
    await slack.close();
  });

  it('begin an idea below a message of its own without previews, posted once though its answer was lost (C16)', async () => {
    const { slack, settle, projectId, ana, told } = await inSlack(front);
    await ana.command('ideas', '/idea');
    await settle();
    expect(told(ana).at(-1)).toContain('Say what should exist');

    slack.faults.loseAnswer('chat.postMessage', { when: ({ text }) => String(text).includes('has an idea') });
    await ana.command('ideas', '/idea We need a page that lists our guests &lt;by name&gt;.');
    await settle();
    const opening = slack.find('ideas', 'has an idea');
    const posted = slack.callsTo('chat.postMessage').map(({ args }) => [args.unfurl_links, args.unfurl_media]);
    expect(new Set(posted.map(String))).toEqual(new Set(['false,false']));
    expect(slack.messages('ideas').filter((message) => slack.read(message).includes('has an idea'))).toHaveLength(1);
    expect(
      slack
        .replies(opening)
        .map((reply) => slack.read(reply))
        .join(),
    ).toContain('This is what I understood');
    const [kept] = await front.tools.unitOfWork.conversations.list(projectId);
    const idea = await front.tools.unitOfWork.conversations.get(kept?.id ?? '');
    expect(idea?.messages.map(({ speaker, text }) => [speaker, text])).toEqual([
      [ana.user.displayName, 'We need a page that lists our guests <by name>.'],
    ]);
    await slack.close();
  });
});

describe('forget', { timeout: TIMEOUT_MS }, () => {
  it('asks once more in private, and then erases the conversation here', async () => {
    const { slack, settle, said, ana, ben, told } = await inIdea(front);
    const [row] = await front.tools.unitOfWork.tables.find('chat_threads', {});
    const conversationId = row?.conversationId ?? '';
    const kept = async () => (await front.tools.unitOfWork.conversations.get(conversationId))?.messages ?? [];
    ben.say('ideas', '@workbench forget', { thread: said });
    await settle();
    expect((await kept()).map(({ text }) => text)).toEqual([expect.stringContaining('greeted by name')]);
    expect(told(ana)).toEqual([]);
    const asked = ben.ephemerals().at(-1);
    expect(asked?.threadTs).toBe(said.ts);
    expect(JSON.stringify(asked?.blocks)).toContain('"confirm":{"title"');

    await ben.press(asked?.ts ?? '', 'Forget');
    await settle();
    expect((await kept()).map(({ text }) => text)).toEqual(['']);
    expect(told(ben).at(-1)).toContain('The words of this conversation are erased.');
    expect(
      slack
        .replies(said)
        .map((reply) => slack.read(reply))
        .join(),
    ).not.toContain('greeted by name');
    await slack.close();
  });

  it('is refused in private to whoever neither began it nor approves', async () => {
    const { slack, settle, said, ana, told } = await inIdea(front);
    ana.say('ideas', '@workbench forget', { thread: said });
    await settle();
    await ana.press(ana.ephemerals().at(-1)?.ts ?? '', 'Forget');
    await settle();
    expect(told(ana).at(-1)).toMatch(/^Only whoever began this .* Ask [Bb]en, who began it, or an approver\.$/);
    const [row] = await front.tools.unitOfWork.tables.find('chat_threads', {});
    const kept = await front.tools.unitOfWork.conversations.get(row?.conversationId ?? '');
    expect(kept?.messages[0]?.text).toContain('greeted by name');

    front.approvers = [`slack:${ana.id}`];
    ana.say('ideas', '@workbench forget', { thread: said });
    await settle();
    await ana.press(ana.ephemerals().at(-1)?.ts ?? '', 'Forget');
    await settle();
    expect(told(ana).at(-1)).toContain('are erased');
    await slack.close();
  });

  it('said in a channel begins no idea of that name', async () => {
    const { slack, settle, projectId, ana, told } = await inSlack(front);
    ana.say('ideas', '@workbench forget');
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('in the thread of the conversation')]);
    expect(await front.tools.unitOfWork.conversations.list(projectId)).toEqual([]);
    await slack.close();
  });
});

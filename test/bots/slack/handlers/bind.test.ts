import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

const IDEA = '@workbench We need a function greet(name) in src/greet.js.';

describe('a channel without a project', { timeout: TIMEOUT_MS }, () => {
  it('offers the choice to the one who called, says what it means, and then takes up what they said', async () => {
    const { slack, settle, place, projectId, ana, told, modal } = await inSlack(front, { isBound: false });
    const said = ana.say('ideas', IDEA);
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('works on no project yet')]);
    expect(slack.replies(said)).toEqual([]);

    await ana.press(ana.ephemerals().at(-1)?.ts ?? '', 'Choose a project');
    await settle();
    expect(modal(ana)).toContain('Read: messages that mention me and every reply below them');
    expect(modal(ana)).toContain('until whoever began it or an approver says @workbench forget in the thread');
    expect(modal(ana)).toContain('gpt-test at models.example');
    await ana.submit({ Model: ['No model: send nothing of this project to one'] });
    await settle();
    expect(await front.desk.channel(place)).toMatchObject({ projectId, name: 'ideas', listen: 'mentions' });
    const off = await front.tools.unitOfWork.tables.get('model_switches', `project:${projectId}`);
    expect(off).toMatchObject({ allowed: false, actor: `slack:${ana.id}` });
    expect(slack.find('ideas', 'This is what I understood').threadTs).toBe(said.ts);
    expect(told(ana).at(-1)).toContain('This channel works on Greetings now.');
    expect(told(ana).at(-1)).toContain('Sent: to nobody. The model is switched off for this project.');
    await slack.close();
  });

  it('is given a new project by the path of a repository, or told why not', async () => {
    const { slack, settle, place, ana, told, modal } = await inSlack(front, { isBound: false });
    await ana.command('ideas', '/workbench bind');
    await settle();
    await ana.submit({ Project: 'Another repository, by its path' });
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('The path of the repository was left open.')]);
    expect(await front.desk.channel(place)).toBeNull();

    await ana.command('ideas', '/workbench bind /srv/visitors');
    await settle();
    expect(modal(ana)).toContain('/srv/visitors');
    await ana.submit({ 'How I listen': 'Every new message here is an idea' });
    await settle();
    expect(told(ana).at(-1)).toContain('Only an approver may bring in another repository.');
    expect(await front.desk.channel(place)).toBeNull();

    front.approvers.push(`slack:${ana.id}`);
    await ana.command('ideas', '/workbench bind /srv/visitors');
    await settle();
    await ana.submit({ 'How I listen': 'Every new message here is an idea' });
    await settle();
    const bound = await front.desk.channel(place);
    expect(bound?.listen).toBe('all');
    expect((await front.desk.project(bound?.projectId ?? ''))?.repository?.path).toBe('/srv/visitors');
    expect(told(ana).at(-1)).toContain('Every new message here begins an idea.');
    await slack.close();
  });

  it('is asked to be joined first', async () => {
    const { slack, settle, ana, told } = await inSlack(front, { isBound: false });
    await ana.command('elsewhere', '/workbench bind');
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('I am not in this channel yet. Type /invite @workbench')]);
    expect(ana.modal()).toBeNull();
    await slack.close();
  });

  it('is what a channel is again after unbind', async () => {
    const { slack, settle, place, ana, told } = await inSlack(front);
    await ana.command('ideas', '/workbench unbind');
    await settle();
    expect(await front.desk.channel(place)).toBeNull();
    expect(told(ana).at(-1)).toContain('nothing new begins in this channel');
    await ana.command('ideas', '/workbench unbind');
    await settle();
    expect(told(ana).at(-1)).toContain('works on no project');
    await slack.close();
  });
});

describe('the card of a channel that has a project', { timeout: TIMEOUT_MS }, () => {
  const card = (person: { ephemerals(): { ts: string }[] }) => person.ephemerals().at(-1)?.ts ?? '';

  it('says what is read, kept and sent, and changes how the channel is heard', async () => {
    const { slack, settle, place, ana, ben, told } = await inSlack(front);
    await ana.command('ideas', '/workbench listen all');
    await settle();
    expect((await front.desk.channel(place))?.listen).toBe('all');
    expect(told(ana).at(-1)).toContain('Read: every new message of this channel');
    expect(told(ana).at(-1)).toContain('@workbench forget');
    expect(told(ana).at(-1)).toContain('Sent: to gpt-test at models.example');
    const idea = ben.say('ideas', 'We need a function part(name) in src/part.js.');
    await settle();
    expect(slack.replies(idea)).not.toEqual([]);

    await ana.press(card(ana), 'Only when mentioned');
    await settle();
    expect((await front.desk.channel(place))?.listen).toBe('mentions');
    expect(told(ana).at(-1)).toContain('Read: messages that mention me');
    const talk = ben.say('ideas', 'We need a function left(name) in src/left.js.');
    await settle();
    expect(slack.replies(talk)).toEqual([]);

    ana.say('ideas', '@workbench listen all', { thread: idea });
    await settle();
    expect((await front.desk.channel(place))?.listen).toBe('all');
    ana.say('ideas', 'listen mentions');
    await settle();
    expect((await front.desk.channel(place))?.listen).toBe('mentions');
    await ana.command('ideas', '/workbench listen closely');
    await settle();
    expect(told(ana).at(-1)).toContain('I can listen to all or to mentions');
    expect(told(ben)).toEqual([]);
    await slack.close();
  });

  it('switches the model off and on', async () => {
    const { slack, settle, projectId, ana, told } = await inSlack(front);
    const state = async () => front.desk.isModelOff(projectId);
    await ana.command('ideas', '/workbench listen');
    await settle();
    await ana.press(card(ana), 'No model');
    await settle();
    expect(await state()).toBe(true);
    expect(told(ana).at(-1)).toContain('Sent: to nobody. The model is switched off');
    await ana.press(card(ana), 'Let a model read');
    await settle();
    expect(await state()).toBe(false);
    await slack.close();
  });

  it('has what was begun there forgotten, by who may', async () => {
    const { slack, settle, ana, ben, told, modal } = await inSlack(front);
    await ana.command('ideas', '/workbench listen');
    await settle();
    await ana.press(card(ana), 'Forget …');
    await settle();
    expect(told(ana).at(-1)).toContain('Nothing that was begun in this channel is kept.');
    ben.say('ideas', IDEA);
    await settle();
    await ana.press(ana.ephemerals().at(-2)?.ts ?? '', 'Forget …');
    await settle();
    expect(modal(ana)).toContain('erased here for good');
    await ana.submit({ 'Which one?': 'We need a function greet(name) in src/greet.js.' });
    await settle();
    expect(told(ana).at(-1)).toContain('Only whoever began this conversation');
    await ben.command('ideas', '/workbench listen');
    await settle();
    await ben.press(card(ben), 'Forget …');
    await settle();
    await ben.submit({ 'Which one?': 'We need a function greet(name) in src/greet.js.' });
    await settle();
    expect(told(ben).at(-1)).toContain('The words of this conversation are erased.');
    await slack.close();
  });
});

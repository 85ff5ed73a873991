import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

const canvas = 'This is what I understood';
const CHOSEN = 'What is not right?';
const BECOMES = 'What should become of it?';

describe('Edit canvas', { timeout: TIMEOUT_MS }, () => {
  it('opens a form in which a person corrects one item, and the card names them', async () => {
    const { slack, settle, ana, told, modal } = await inIdea(front);
    const [feature] = await front.tools.unitOfWork.tables.find('inception_features', {});
    await ana.press(slack.find('ideas', canvas), 'Edit canvas');
    await settle();
    expect(modal(ana)).toContain('Edit canvas');
    await ana.submit({
      [CHOSEN]: `Feature: ${feature?.text}`,
      'New words, if they should change': 'Greet visitors by nickname',
    });
    await settle();
    const card = slack.read(slack.find('ideas', canvas));
    expect(card).toContain('Greet visitors by nickname');
    expect(card).toContain(`changed by ${ana.user.displayName}`);
    expect(told(ana)).toEqual([]);

    await ana.press(slack.find('ideas', canvas), 'Edit canvas');
    await settle();
    await ana.submit({ [CHOSEN]: 'Feature: Greet visitors by nickname', [BECOMES]: 'Drop it' });
    await settle();
    const [dropped] = await front.tools.unitOfWork.tables.find('inception_features', {});
    expect(dropped).toMatchObject({ text: 'Greet visitors by nickname', status: 'removed' });
    await slack.close();
  });

  it('says in private what was missing, and when the form could not be opened in time', async () => {
    const { slack, settle, ana, ben, told } = await inIdea(front);
    const [feature] = await front.tools.unitOfWork.tables.find('inception_features', {});
    await ana.press(slack.find('ideas', canvas), 'Edit canvas');
    await settle();
    await ana.submit({ [CHOSEN]: `Feature: ${feature?.text}` });
    await settle();
    expect(told(ana)).toEqual([expect.stringContaining('The new words were left open')]);
    slack.faults.error('views.open', 'expired_trigger_id');
    await ben.press(slack.find('ideas', canvas), 'Edit canvas');
    await settle();
    expect(told(ben)).toEqual([expect.stringContaining('Please press again')]);
    await slack.close();
  });
});

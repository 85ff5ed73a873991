import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inIdea, inReview, showsDiff } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

describe('reading on in Slack', { timeout: TIMEOUT_MS }, () => {
  it('opens folds and reasons in a modal, and acts from within it', async () => {
    const { slack, settle, ana, told, modal } = await inIdea(front);
    const canvas = slack.find('ideas', 'This is what I understood');
    await ana.press(canvas, 'Why is this here?');
    await settle();
    expect(modal(ana)).toContain('Ben');
    expect(modal(ana)).toContain('I want to be greeted by name');

    await ana.press(canvas, 'Maybe (1): keep or drop');
    await settle();
    expect(modal(ana)).toContain('[Keep');
    await ana.pressInModal('Keep');
    await settle();
    expect(modal(ana)).toContain('Done. The card shows what came of it.');
    expect(slack.read(slack.find('ideas', 'This is what I understood'))).not.toContain('Maybe (1)');
    expect(told(ana)).toEqual([]);
    await slack.close();
  });

  it('brings a diff into the thread of the task once, however many ask for it', async () => {
    const { slack, settle, ana, ben, told, card, said } = await inReview(front);
    const token = `ghp_${'a1B2'.repeat(9)}`;
    showsDiff(front, { text: `+const key = "${token}";\n+export const greet = 1;\n` });
    await Promise.all([ana.press(card(), 'View diff'), ben.press(card(), 'View diff')]);
    await settle();
    await ben.press(card(), 'View diff');
    await settle();
    const files = slack.messages('ideas').flatMap((message) => message.files.map((file) => ({ file, message })));
    expect(files.map(({ file }) => file.name)).toEqual([`change-${'d'.repeat(10)}.diff`]);
    expect(files[0]?.message.threadTs).toBe(card().threadTs);
    expect(files[0]?.message.threadTs).not.toBe(said.ts);
    const content = files[0]?.file.content.toString() ?? '';
    expect(content).toContain('+export const greet = 1;');
    expect(content).not.toContain(token);
    expect([...told(ana), ...told(ben)].filter((text) => text.includes('stands in the task'))).toHaveLength(2);

    showsDiff(front, { diffHash: 'e'.repeat(64), text: 'x'.repeat(1_000_001) });
    await ana.press(card(), 'View diff');
    await settle();
    expect(told(ana).at(-1)).toContain('larger than what Slack shows');
    showsDiff(front, null);
    await ana.press(card(), 'View diff');
    await settle();
    expect(told(ana).at(-1)).toContain('no change to look at yet');
    await slack.close();
  });
});

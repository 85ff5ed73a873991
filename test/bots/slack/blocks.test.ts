import { beforeAll, describe, expect, it } from 'vitest';
import { drawFold } from '#bots/slack/blocks/draw-fold.ts';
import { drawInputModal, INPUT_MODAL, readInputPress } from '#bots/slack/blocks/draw-input-modal.ts';
import { drawPost } from '#bots/slack/blocks/draw-post.ts';
import { askedWhy, drawWhy } from '#bots/slack/blocks/draw-why.ts';
import { actionOf, readPressValue } from '#bots/slack/blocks/press-value.ts';
import { readableText } from '#bots/slack/blocks/readable-card.ts';
import type { DrawContext } from '#bots/slack/blocks/slack-message.ts';
import type { Card } from '#src/ports/chat.ts';
import { blockRules } from '#test/support/slack/blocks/block-rules.ts';
import type { BlockRules } from '#test/support/slack/blocks/block-rules.ts';
import { buttonsIn, reachable } from './blocks/reachable.ts';
import { AT, postOf, realCards } from './blocks/real-cards.ts';
import { seen } from './blocks/seen.ts';

const names: Readonly<Record<string, string>> = { 'slack:U0ADA': 'Ada', 'slack:U0GRACE': 'Grace' };
const context: DrawContext = {
  features: { planBlocks: false },
  nameOf: (actor) => names[actor] ?? actor,
  linkTo: ({ id }) => (id === 'b' ? null : `https://acme.slack.com/archives/C1/p${id}`),
  mention: false,
};

const look = (card: Card, rest: Partial<DrawContext> = {}): string =>
  `\n${seen(drawPost(postOf(card), { ...context, ...rest }).blocks)}\n`;

let rules: BlockRules;
beforeAll(async () => {
  rules = await blockRules();
});

describe('cards in Slack', () => {
  it.each(Object.entries(realCards))('%s is taken by Slack, with all that opens from it', (_name, card) => {
    for (const planBlocks of [true, false]) {
      const features = { planBlocks, agentSessions: false };
      const { message, views } = reachable(postOf(card), { ...context, features });
      expect(rules.blockFaults(message.blocks, 'message', features)).toEqual([]);
      for (const view of views) {
        expect(rules.viewFaults({ ...view }, 'modal')).toEqual([]);
        expect(rules.blockFaults(view.blocks, 'modal', features)).toEqual([]);
      }
    }
  });

  it('the canvas: features first, the unsure one press away', () => {
    expect(look(realCards.canvas)).toBe(`
This is what I understood: 2 features. 1 question is open; answer here in your own words.
*Features*
• Greet people by name · must · for Ada
• Remember who was greeted · in the MVP
[Why are these here?]
[Maybe (1): keep or drop] [Dropped (1)] [Vision] [Goals (1)]
*Open questions, for the work*
? What about people without a name?
[Why is this here?]
[Edit canvas]
`);
    const maybe = drawFold(postOf(realCards.canvas), '1', 0, context);
    expect(maybe?.title.text).toBe('Maybe (1): keep or drop');
    expect(seen(maybe?.blocks ?? [])).toBe('• Greet in French\n[Keep] [Drop] [Why?]');
  });

  it('the stories: one press commits what can start', () => {
    expect(look(realCards.stories)).toBe(`
2 stories have code in this conversation and can start.
Greet by name · 2 points · 1 criterion [Details]
Remember who was greeted, and when it was · 2 points · 1 criterion [Details]
[1 story without code]
*Taken by people*
• Greet dogs · Ada takes it.
[Why is this here?]
[In the sprint (1)]
[Commit to sprint (primary)] [Commit all 3; Ollan writes what is missing]
`);
  });

  it('the status: what is done and what is to do in a line each, the time that runs on counted by Slack', () => {
    expect(look(realCards.status)).toBe(`
Task 4 · *Greet by name* builds.
✓ branch 4 s · scope 4 s · plan 4 s · behaviour 4 s
● *build* · started {ago}
○ checks · pull request · merge
*Branch*  factory/4-greet_by_name
*Took*  26 s
*Cost*  nothing; no model was used
[Pause] [Take over] [Stop (danger) -> Stop this task? Its branch stays; the story goes back to the backlog. Yes, stop | Not now]
`);
  });

  it('the status as a plan, where the workspace has plans', () => {
    expect(look(realCards.status, { features: { planBlocks: true } })).toContain(`
4 of 8 steps done
  complete: branch · 4 s
  complete: scope · 4 s
  complete: plan · 4 s
  complete: behaviour · 4 s
  in_progress: build
  pending: checks
  pending: pull request
  pending: merge
`);
  });

  it('a packet: its sentence, the details one press away', () => {
    expect(look(realCards.assignment)).toBe(`
Piper, please take *Greet by name*. The branch \`factory/4-greet_by_name\` is ready.
[Details]
`);
  });

  it('a lesson: its words, what speaks against it, then the decision', () => {
    expect(look(realCards.lesson)).toBe(`
:hourglass_flowing_sand: Lesson 4 waits for a yes, and seems to contradict another: “Run the search tests twice.”
*For*  every task
*Told by*  Ada, 19 Nov 2026
*It seems to contradict*
? Lesson 2 · Never run a test twice.
[Shown by 1 task]
[Accept (primary)] [Edit] [Decline]
`);
  });

  it('the review: what is not proven first, then the decision', () => {
    expect(look(realCards.review)).toBe(`
:hourglass_flowing_sand: Please decide on *Greet by name*: 1 of 3 criteria proven.
*Criteria*
✕ Criterion failed · failed by a test that is failed
○ Criterion unproven · unproven: no test names it
✓ Criterion proven · proven by a test that is proven
[Why are these here?]
*Checks*  passed: npm test (3 passed).
*Size*  1 file, +5 −1 lines
*Risk*  low
*Merges*  exactly aaaaaaa into bbbbbbb
*Look at first*
• src/greet.js: the largest change.
\`src/greet.js\`  +5 −1
Vera's remarks (a model's reading, not a check) [Details]
[Approve (primary)] [Request changes] [Reject (danger)] [View diff]
`);
  });

  it('the review once decided: no decision is left but to take it back, and people have their names', () => {
    const { blocks, text } = drawPost(postOf(realCards.decided), context);
    const asks = 'Take back what task 4 merged? That is a task of its own, with checks and an approval.';
    expect(seen(blocks)).toContain(
      `\n(Approved by Grace · merged as 9ac1f07)\n[Revert (danger) -> ${asks} Yes, revert | Not now] [View diff]`,
    );
    expect(text).toBe('Review of Greet by name: 1 of 3 criteria proven. Approved by Grace · merged as 9ac1f07');
  });

  it('the review once taken back: it leads to the task that did so, and nothing is left to press', () => {
    const { blocks } = drawPost(postOf(realCards.reverted), context);
    expect(seen(blocks)).toMatch(/✓ 9 · Revert "Greet by name" \(https:\/\/acme\.slack\.com\/archives\/C1\/ptask-9\)/);
    expect(seen(blocks)).toMatch(/\(Approved by Grace · merged as 9ac1f07 · reverted by task 9\)\n\[View diff\]$/);
  });

  it('a question: what is wrong, what would help, what can be done', () => {
    expect(look(realCards.question)).toBe(`
:warning: I cannot go on: the disk is full.
Make room.
*What was found*
✕ 0 bytes left
[Retry (primary)] [Stop (danger) -> Stop this task? Its branch stays; the story goes back to the backlog. Yes, stop | Not now]
`);
  });

  it('a list of tasks leads to their threads, where they have one', () => {
    expect(look(realCards.tasks)).toContain(
      '○ 4 · Greet by name (https://acme.slack.com/archives/C1/ptask) · builds\n✓ 5 · Remember · merged',
    );
  });

  it.each([
    ['for slack:U0ADA: decide, or ask slack:U0GRACE.', 'for Ada: decide, or ask Grace.'],
    ['see /slack:U0ADA, slack:U0ADA:x and slack:U0ADA-x', 'see /slack:U0ADA, slack:U0ADA:x and slack:U0ADA-x'],
  ])('names people in a sentence, and leaves what only looks like one: %s', (text, read) => {
    expect(readableText(text, context)).toBe(read);
  });

  it('a person’s own message stands under their name', () => {
    const post = postOf(realCards.message, { author: { kind: 'person', name: 'slack:U0ADA' } });
    const { blocks, text } = drawPost(post, context);
    expect(seen(blocks)).toMatch(/^\*Ada\*\nI read `greet\.js`/);
    expect(text).toBe('Ada: I read greet.js. Two things are open.');
  });
});

describe('whoever is asked', () => {
  const asked = postOf(realCards.review, { mentions: ['slack:U0ADA', 'local'] });

  it('is called once, in the notification too', () => {
    const { blocks, text } = drawPost(asked, { ...context, mention: true });
    expect(seen(blocks)).toContain('For @U0ADA, local');
    expect(text).toBe('Please decide on Greet by name: 1 of 3 criteria proven. <@U0ADA>');
  });

  it('may be a whole group', () => {
    const post = postOf(realCards.review, { mentions: ['slack:S0LEADS', 'slack:U0ADA'] });
    const called = drawPost(post, { ...context, mention: true });
    expect(JSON.stringify(called.blocks)).toContain('{"type":"usergroup","usergroup_id":"S0LEADS"}');
    expect(called.text).toContain('<!subteam^S0LEADS> <@U0ADA>');
    const named = drawPost(post, { ...context, nameOf: (actor) => (actor === 'slack:S0LEADS' ? '@leads' : 'Ada') });
    expect(seen(named.blocks)).toContain('For @leads, Ada');
    expect(JSON.stringify(named)).not.toContain('usergroup');
  });

  it('is named when the card is drawn again, and not at all once it is decided', () => {
    expect(seen(drawPost(asked, context).blocks)).toContain('For Ada, local');
    expect(drawPost(asked, context).text).not.toContain('<');
    expect(seen(drawPost({ ...asked, card: realCards.decided }, context).blocks)).not.toContain('For ');
  });
});

describe('a press', () => {
  const post = postOf(realCards.review);
  const button = (label: string) => buttonsIn(drawPost(post, context).blocks).find(({ text }) => text.text === label);

  it('says which post and version it was, and its action is found again', () => {
    const approve = button('Approve');
    expect(approve?.action_id).toBe('card:approve');
    expect(readPressValue(approve?.value)).toEqual({ post: post.id, version: 3 });
    expect(actionOf(post, 'card:approve')?.command).toMatchObject({ type: 'approve' });
    expect(actionOf(post, 'card:merge-everything')).toBeNull();
    expect(readPressValue(button('View diff')?.value)).toMatchObject({ task: 'task' });
  });

  it('is not read from what is not ours', () => {
    for (const value of [undefined, '', 'null', '{}', '{"post":1,"version":1}', '{"post":"a","version":1,"x":1}'])
      expect(readPressValue(value)).toBeNull();
    for (const metadata of ['', '[]', '{"post":"a"}']) expect(readInputPress(metadata)).toBeNull();
  });

  it('that takes words opens a modal, which asks what the button would have asked', () => {
    const reject = actionOf(post, 'card:reject');
    if (reject === null) throw new Error('The card has no Reject.');
    const view = drawInputModal(post, reject, context);
    expect(button('Reject')?.confirm).toBeUndefined();
    expect(view).toMatchObject({ callback_id: INPUT_MODAL, submit: { text: 'Yes, reject' } });
    expect(seen(view.blocks)).toBe(`Please decide on Greet by name: 1 of 3 criteria proven.
Reject this change? The pull request is closed and the branch stays.
Why? (optional) (optional): ____`);
    expect(readInputPress(view.private_metadata ?? '')).toEqual({ post: post.id, version: 3, actionId: 'card:reject' });
  });

  it('that changes words opens a modal in which they stand', () => {
    const reject = actionOf(post, 'card:reject');
    if (reject === null) throw new Error('The card has no Reject.');
    const edit = { ...reject, input: { label: 'The lesson', required: true, value: 'Run the search tests first.' } };
    const field = drawInputModal(post, edit, context).blocks.at(-1);
    expect(field).toMatchObject({ element: { initial_value: 'Run the search tests first.' } });
    const empty = drawInputModal(post, reject, context).blocks.at(-1);
    expect(JSON.stringify(empty)).not.toContain('initial_value');
  });
});

describe('why is this here?', () => {
  it('is answered with the sentence and its speaker, for each item of the list', () => {
    const post = postOf(realCards.canvas);
    const asked = askedWhy(post, '0', 0);
    if (asked === null) throw new Error('The list knows no why.');
    expect(asked.items.map(({ text }) => text)).toEqual(['Greet people by name', 'Remember who was greeted']);
    const view = drawWhy(post, asked, [[{ position: 0, speaker: 'slack:U0ADA', at: AT, text: 'Say hello!' }]], context);
    expect(seen(view.blocks)).toBe(`Greet people by name
> *Ada* · {date_short_pretty} {time}
> Say hello!
Remember who was greeted
_The message behind this is no longer kept._`);
  });

  it('is not answered for what the card has no more', () => {
    expect(askedWhy(postOf(realCards.canvas), '9', 0)).toBeNull();
    expect(askedWhy(postOf(realCards.canvas), '../0', 0)).toBeNull();
    expect(drawFold(postOf(realCards.canvas), '0', 0, context)).toBeNull();
  });
});

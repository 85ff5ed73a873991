import { describe, expect, it } from 'vitest';
import type { DrawContext } from '#bots/slack/blocks/slack-message.ts';
import type { Card, CardBlock, CardListItem } from '#src/ports/chat.ts';
import { reachable } from './reachable.ts';
import { AT, postOf, realCards } from './real-cards.ts';
import { seen } from './seen.ts';

const context: DrawContext = {
  features: { planBlocks: false },
  nameOf: (actor) => actor,
  linkTo: () => null,
  mention: false,
};
const said = [{ position: 1, speaker: 'Ada', at: AT, text: 'Because the editors asked for it.' }];

function itemsOf(blocks: readonly CardBlock[]): CardListItem[] {
  return blocks.flatMap((block) =>
    block.type === 'list' ? block.items : block.type === 'fold' ? itemsOf(block.blocks) : [],
  );
}

/** Every kind of line that came out of what people said. */
const kinds: readonly [string, Card, string][] = [
  ['a feature', realCards.canvas, 'Greet people by name'],
  ['a feature that is unsure', realCards.canvas, 'Greet in French'],
  ['a feature that was dropped', realCards.canvas, 'Greet cats'],
  ['a slot of the vision', realCards.canvas, 'whose problem is **nobody says hello**'],
  ['a goal', realCards.canvas, 'Friendlier mornings'],
  ['a question that somebody asked', realCards.canvas, 'What about people without a name?'],
  ['a story', realCards.stories, 'As Ada, I want to be greeted.'],
  ['a story’s criterion', realCards.stories, 'It says hello to Ada.'],
  ['a story without code', realCards.stories, 'Greet in French'],
  ['a story in the sprint', realCards.stories, 'Greet cats'],
  ['a story that a person took', realCards.stories, 'Greet dogs'],
  ['a criterion of the scope', realCards.scope, 'It says hello to Ada.'],
  ['a constraint', realCards.scope, 'No new dependency'],
  ['a question of the scope', realCards.scope, 'What about people without a name?'],
  ['a step of the plan', realCards.plan, 'Add greet'],
  ['a step of the plan without files', realCards.plan, 'Run the checks'],
  ['a file of the plan', realCards.plan, '`src/greet.js`'],
  ['a criterion under review', realCards.review, 'Criterion proven'],
];

describe('why is this here', () => {
  it.each(kinds)('is known of %s', (_kind, card, text) => {
    const item = itemsOf(card.blocks).find((candidate) => candidate.text === text);
    expect(item?.why?.positions.length).toBeGreaterThan(0);
  });

  it.each(kinds)('is answered in Slack for %s, with the sentence and who said it', (_kind, card, text) => {
    const answers = reachable(postOf(card), context, said)
      .views.map((view) => seen(view.blocks))
      .filter((view) => view.includes('Because the editors asked for it.'));
    const plain = text.replaceAll(/[*`]/g, '');
    expect(answers.some((view) => view.replaceAll(/[*`]/g, '').includes(plain))).toBe(true);
    expect(answers.every((view) => view.includes('Ada'))).toBe(true);
  });
});

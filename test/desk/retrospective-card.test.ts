import { describe, expect, it } from 'vitest';
import { drawPost } from '#bots/slack/blocks/draw-post.ts';
import { erasedRetrospectiveCard, retrospectiveCard } from '#src/desk/cards/retrospective-card.ts';
import { seen } from '#test/bots/slack/blocks/seen.ts';
import type { DrawContext } from '#bots/slack/blocks/slack-message.ts';
import type { Card, Post } from '#src/ports/chat.ts';
import { wordsOf } from './front.ts';
import { askedInFullWeek, fullWeek } from './retrospective-content.ts';

const card = retrospectiveCard(fullWeek, askedInFullWeek());

/** As Slack shows it. */
function inSlack(drawn: Card): string {
  const post: Post = {
    ...{ id: 'post', key: 'retro:r', thread: { kind: 'project', id: 'p' }, mentions: [], version: 1 },
    ...{
      author: { kind: 'persona', name: 'moltbot' },
      card: drawn,
      editedAt: null,
      postedAt: fullWeek.retrospective.until,
    },
  };
  const context: DrawContext = {
    features: { planBlocks: false },
    nameOf: (name) => name,
    linkTo: () => null,
    mention: true,
  };
  return seen(drawPost(post, context).blocks);
}

/** What a phone shows before anything is opened, and most people will ever read. */
const MAX_CHARACTERS = 1_100;

describe('the card of a full week', () => {
  it('says in this order what got better, was shipped, hurt, was learned and is to be tried, and three numbers', () => {
    const words = inSlack(card);
    expect(words).toBe(
      [
        '*The week of Corner shop, Nov 16 to Nov 23.*',
        'Better: “mail > is sent once” failed in 6 of 14 tasks before lesson 3, and in 1 of 12 since.',
        '*Shipped*',
        '✓ 12 · Greet returning customers by name',
        '✓ 14 · Search finds words without their accents',
        '✓ 15 · Old orders are read only',
        '✓ 17 · Prices carry two digits everywhere, in all lists and on …',
        '*What hurt*',
        '✕ “cart > rounds half a cent up” failed 4 times, in tasks 12, 14 and 17.',
        '✕ Vera’s check typically takes 4 min; it was 90 s.',
        '✕ People asked for changes: twice, in tasks 15 and 18.',
        '*What we learned*',
        '? *Lesson 7* · Run “cart > rounds half a cent up” first. · For `src/cart`. It waits for a yes.',
        '[Accept] [Edit] [Decline]',
        '? *Lesson 2* · Sort names before you compare them. · For every task. ada accepted it; it counts until 19 May 2027. May it go? “names > are sorted” failed in 5 of 20 tasks before lesson 2, and in 5 of 22 since: about as often.',
        '[Retire -> Retire lesson 2? No later task is told it. Retire | Not now] [Keep]',
        '*To try*',
        '• Mend “cart > rounds half a cent up” for good.',
        '• Find out why check takes longer than it did.',
        '*Merged*  6 ▁▅▃▆█',
        '*Passed their checks at once*  5 of 8 ▁▇█▃▄',
        '*From idea to merge*  typically 5.5 h ·█▅▂▁',
        '1 verdict was erased and not counted.',
        '[Details, and 2 more shipped]',
      ].join('\n'),
    );
    const read = words.split('\n').filter((line) => !line.startsWith('['));
    expect(read.join('').length).toBeLessThan(MAX_CHARACTERS);
  });

  it('folds what a phone has no room for', () => {
    expect(card.blocks.at(-1)).toMatchObject({
      summary: 'Details, and 2 more shipped',
      blocks: [{ title: '2 more changes shipped' }, { title: 'What failed again and again' }, { items: [{}] }],
    });
  });
});

describe('the card of a week', () => {
  it('without anything to tell is one line', () => {
    const nothing = { better: null, shipped: [], hurt: [], learned: [], toTry: [], caveats: [] };
    const quiet = retrospectiveCard({ retrospective: { ...fullWeek.retrospective, ...nothing }, details: [] }, []);
    expect(quiet).toMatchObject({
      blocks: [],
      lead: expect.stringContaining('Corner shop, Nov 16 to Nov 23: a quiet'),
    });
  });

  it('whose words are gone still lets its lessons be decided on', () => {
    const [lesson] = askedInFullWeek();
    const erased = erasedRetrospectiveCard('2026-W47', lesson === undefined ? [] : [lesson]);
    expect(wordsOf({ card: erased })).not.toContain('Greet returning');
    expect(erased.blocks).toMatchObject([{ items: [{ actions: [{ label: 'Accept' }, {}, {}] }] }]);
  });
});

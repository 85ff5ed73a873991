import fc from '#test/support/property.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawInputModal } from '#bots/slack/blocks/draw-input-modal.ts';
import { drawNote, drawPost } from '#bots/slack/blocks/draw-post.ts';
import { actionOf } from '#bots/slack/blocks/press-value.ts';
import type { DrawContext } from '#bots/slack/blocks/slack-message.ts';
import type { Card, CardAction, CardBlock, CardListItem, ThreadRef, WhyRef } from '#src/ports/chat.ts';
import { blockRules } from '#test/support/slack/blocks/block-rules.ts';
import type { BlockRules } from '#test/support/slack/blocks/block-rules.ts';
import { reachable } from './blocks/reachable.ts';
import { postOf } from './blocks/real-cards.ts';
import { seen } from './blocks/seen.ts';

/** Measured by others (slackapi/bolt-js#2509): a message of more is refused as `msg_blocks_too_long`. */
const SLACK_MESSAGE_CHARS = 13_200;

let rules: BlockRules;
beforeAll(async () => {
  rules = await blockRules();
});

const nasty = [
  '<!channel>',
  '<!here|here> @here @channel',
  '<@U1>',
  '<@U1|ada> <#C1|general> <!subteam^S1>',
  '<https://evil.example|your bank>',
  'https://evil.example/x?y=1&z=<2>',
  '*bold* _it_ ~no~ `code` ```',
  '```js\nopen fence\n<!channel>',
  '**a** ** `b',
  '&lt;!channel&gt; &amp;',
  ':tada: :smile:',
  '\u202Egnp.exe\u202C \u200B',
  'شكرا جزيلا',
  '👩‍👩‍👧‍👦'.repeat(30),
  '\ud83d',
  'a\udc00b',
  '\u0000\u0007\u001b[31m',
  '',
  ' \n\t ',
  '\n\n\n',
  '"\\'.repeat(200),
  'x'.repeat(5_000),
  'slack:U0ADA said <@U1>',
];

/** Any UTF-16 units, broken surrogates too. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes));
const short = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...nasty) },
  { weight: 4, arbitrary: units },
  { weight: 3, arbitrary: fc.lorem({ maxCount: 40 }) },
);
const huge = fc
  .constantFrom('`a` ', '**b** ', '\n', '```\n', 'word ', 'é', '界', '\u0301', '<!channel>')
  .map((part) => part.repeat(Math.ceil(100_000 / part.length)));
/** A card of nothing but huge texts would test the machine, not the drawing. */
const text = fc.oneof({ weight: 60, arbitrary: short }, { weight: 1, arbitrary: huge });
const anyLength = fc.oneof({ weight: 4, arbitrary: short }, { weight: 1, arbitrary: huge });

const command = { type: 'retry', taskId: 'task' } as const;
let count = 0;
const action = fc
  .record({
    name: fc.oneof(fc.constant('go'), fc.constant('n'.repeat(300)), fc.constant('<!channel>')),
    label: text,
    style: fc.constantFrom('primary' as const, 'plain' as const, 'danger' as const),
    confirm: fc.option(text),
    input: fc.option(
      fc.record({ label: text, required: fc.boolean(), value: text }, { requiredKeys: ['label', 'required'] }),
    ),
  })
  .map((made): CardAction => {
    // Names are unique within a card; that much the desk promises.
    count += 1;
    return { ...made, name: `${made.name}-${count}`, command };
  });

const item: fc.Arbitrary<CardListItem> = fc.record({
  mark: fc.constantFrom('done' as const, 'open' as const, 'failed' as const, 'question' as const, 'none' as const),
  text,
  detail: fc.option(text),
  why: fc.option(fc.constant<WhyRef>({ conversationId: 'talk', positions: [1] })),
  thread: fc.option(fc.constant<ThreadRef>({ kind: 'task', id: 'task' })),
  actions: fc.oneof(
    { weight: 4, arbitrary: fc.constant<CardAction[]>([]) },
    { weight: 1, arbitrary: fc.array(action, { maxLength: 30 }) },
  ),
});

const at = fc.option(fc.constantFrom('2026-11-20T09:00:00.000Z', 'never', ''));
const leaf: fc.Arbitrary<CardBlock> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: anyLength }),
  fc.record({
    type: fc.constant('facts' as const),
    facts: fc.array(fc.record({ label: text, value: text, tone: fc.constantFrom('good' as const, 'bad' as const) }), {
      maxLength: 20,
    }),
  }),
  fc.record({ type: fc.constant('list' as const), title: fc.option(text), items: fc.array(item, { maxLength: 40 }) }),
  fc.record({
    type: fc.constant('steps' as const),
    steps: fc.array(
      fc.record({
        label: text,
        state: fc.constantFrom('done' as const, 'now' as const, 'todo' as const, 'failed' as const),
        sinceAt: at,
        tookMs: fc.option(fc.nat(10_000_000)),
      }),
      { maxLength: 30 },
    ),
  }),
  fc.record({
    type: fc.constant('code' as const),
    path: fc.option(text),
    language: fc.constant(null),
    text: anyLength,
  }),
  fc.record({
    type: fc.constant('diff' as const),
    taskId: fc.uuid(),
    files: fc.array(fc.record({ path: text, added: fc.nat(), removed: fc.nat() }), { maxLength: 30 }),
  }),
  fc.record({ type: fc.constant('quote' as const), speaker: text, at, text }),
);
const block: fc.Arbitrary<CardBlock> = fc.letrec<{ block: CardBlock }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      type: fc.constant('fold' as const),
      summary: text,
      blocks: fc.array(tie('block'), { maxLength: 4 }),
    }),
  ),
})).block;

const card: fc.Arbitrary<Card> = fc.record({
  kind: fc.constantFrom('message' as const, 'canvas' as const, 'review' as const),
  lead: anyLength,
  tone: fc.constantFrom('plain' as const, 'good' as const, 'waiting' as const, 'bad' as const),
  blocks: fc.array(block, { maxLength: 12 }),
  actions: fc.array(action, { maxLength: 60 }),
  outcome: fc.option(text, { freq: 3 }),
});
const post = fc
  .record({
    card,
    author: fc.constantFrom(
      { kind: 'persona', name: 'vera' } as const,
      { kind: 'person', name: 'slack:U0ADA' } as const,
      { kind: 'person', name: '<!channel>' } as const,
    ),
    mentions: fc.array(fc.constantFrom('slack:U0ADA', 'slack:W0BOB', 'slack:<!channel>', 'local', '<@U1>'), {
      maxLength: 40,
    }),
  })
  .map(({ card: shown, ...rest }) => postOf(shown, rest));
const context = fc.record({ planBlocks: fc.boolean(), mention: fc.boolean(), name: text, isLinked: fc.boolean() }).map(
  ({ planBlocks, mention, name, isLinked }): DrawContext => ({
    features: { planBlocks },
    nameOf: () => name,
    linkTo: () => (isLinked ? 'https://acme.slack.com/archives/C1/p1' : null),
    mention,
  }),
);
const said = fc.array(fc.record({ position: fc.nat(), speaker: text, at, text }), { maxLength: 7 });

/** Shrinking texts of 100 kB would take hours; the seed that is told finds the card again. */
const runs = { numRuns: 8, endOnFailure: true };

/** Every object in what is sent. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

describe('a card of any words', () => {
  it('keeps within all of Slack’s limits, in the message and in every modal behind it', () => {
    fc.assert(
      fc.property(post, context, said, (shown, drawn, messages) => {
        const { message, views } = reachable(shown, drawn, messages);
        const features = { planBlocks: drawn.features.planBlocks, agentSessions: false };
        expect(rules.blockFaults(message.blocks, 'message', features)).toEqual([]);
        expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(SLACK_MESSAGE_CHARS);
        expect(message.text).not.toBe('');
        expect(message.text.length).toBeLessThan(12_000);
        for (const view of views) {
          expect(rules.viewFaults({ ...view }, 'modal')).toEqual([]);
          expect(rules.blockFaults(view.blocks, 'modal', features)).toEqual([]);
          expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
        }
        for (const { type, text: words } of objectsIn([message, views])) {
          if (type === 'text' || type === 'link') expect(words).not.toBe('');
          if (typeof words === 'string') expect(words.isWellFormed()).toBe(true);
        }
      }),
      runs,
    );
  });

  it('loses no action: each is in the message or behind it, whatever came of it', () => {
    fc.assert(
      fc.property(post, context, (shown, drawn) => {
        const { buttons } = reachable(shown, drawn);
        const reached = new Set(buttons.map(({ action_id: id = '' }) => actionOf(shown, id)?.name));
        const all = [...shown.card.actions, ...shown.card.blocks.flatMap(itemActions)];
        for (const { name } of all) expect(reached).toContain(name);
      }),
      runs,
    );
  });

  it('calls nobody who is not meant, links nowhere, and formats nothing (A05, A26)', () => {
    fc.assert(
      fc.property(post, context, said, (shown, drawn, messages) => {
        const { message, views } = reachable(shown, drawn, messages);
        for (const { type, user_id: user, url } of objectsIn([message.blocks, views])) {
          expect(['mrkdwn', 'markdown', 'broadcast', 'channel', 'usergroup', 'team', 'color']).not.toContain(type);
          if (type === 'user') {
            expect(drawn.mention && shown.mentions.includes(`slack:${String(user)}`)).toBe(true);
          }
          if (url !== undefined) expect(url).toBe('https://acme.slack.com/archives/C1/p1');
        }
        const calls = message.text.match(/<[^>]*>?/g) ?? [];
        for (const call of calls) {
          expect(drawn.mention && shown.mentions.includes(`slack:${call.slice(2, -1)}`)).toBe(true);
        }
      }),
      runs,
    );
  });

  it.each(nasty)('says %j in a notification as words: as lead, outcome, name or note (A26)', (words) => {
    const context_: DrawContext = {
      features: { planBlocks: false },
      nameOf: () => words,
      linkTo: () => null,
      mention: false,
    };
    const said: Card = { kind: 'message', lead: words, tone: 'plain', blocks: [], actions: [], outcome: words };
    for (const name of ['slack:U0ADA', words]) {
      const drawn = drawPost(postOf(said, { author: { kind: 'person', name }, mentions: [words] }), context_);
      expect(drawn.text).not.toMatch(/[<>]/);
    }
    expect(drawNote(words, context_).text).not.toMatch(/[<>]/);
  });

  it('is the same message each time it is drawn, with every block named once', () => {
    fc.assert(
      fc.property(post, context, (shown, drawn) => {
        const once = drawPost(shown, drawn);
        expect(JSON.stringify(drawPost(structuredClone(shown), drawn))).toBe(JSON.stringify(once));
        const ids = once.blocks.map(({ block_id: id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      runs,
    );
  });

  it('asks for words in a modal that Slack takes', () => {
    fc.assert(
      fc.property(post, action, context, (shown, asked, drawn) => {
        const view = drawInputModal(shown, asked, drawn);
        expect(rules.viewFaults({ ...view }, 'modal')).toEqual([]);
        expect(rules.blockFaults(view.blocks, 'modal', { planBlocks: false, agentSessions: false })).toEqual([]);
      }),
      runs,
    );
  });

  it('says a note to one person within the same limits', () => {
    fc.assert(
      fc.property(text, context, (words, drawn) => {
        const note = drawNote(words, drawn);
        expect(rules.blockFaults(note.blocks, 'message', { planBlocks: false, agentSessions: false })).toEqual([]);
        expect(note.text).not.toMatch(/[<>]/);
        expect(note.text).not.toBe('');
        expect(note.blocks.length).toBeGreaterThan(0);
      }),
      runs,
    );
  });
});

describe('a long card', () => {
  const context_: DrawContext = {
    features: { planBlocks: false },
    nameOf: (actor) => actor,
    linkTo: () => null,
    mention: false,
  };
  const words = (prefix: string, many: number): string =>
    Array.from({ length: many }, (_, index) => `${prefix}${index}`).join(' ');

  it('shows every word whole, in the message or behind its button', () => {
    const shown = postOf({
      kind: 'message',
      lead: words('lead', 2_000),
      tone: 'plain',
      blocks: [
        { type: 'text', text: words('text', 8_000) },
        { type: 'facts', facts: [{ label: 'Fact', value: words('fact', 2_000) }] },
        {
          type: 'list',
          title: 'List',
          items: Array.from({ length: 90 }, (_, index) => ({
            mark: 'open' as const,
            text: words(`item${index}x`, 60),
            detail: words(`detail${index}x`, 60),
            why: null,
            thread: null,
            actions: [],
          })),
        },
        { type: 'quote', speaker: 'Ada', at: null, text: words('quote', 2_000) },
        { type: 'code', path: 'a.js', language: null, text: words('code', 2_000).replaceAll(' ', '\n') },
      ],
      actions: [],
      outcome: words('end', 500),
    });
    const { message, views } = reachable(shown, context_);
    const told = new Set(views.flatMap(({ blocks }) => seen(blocks).split(/[\s>]+/)));
    const all = (prefix: string, many: number) => words(prefix, many).split(' ');
    const missing = [
      ...all('lead', 2_000),
      ...all('text', 8_000),
      ...all('fact', 2_000),
      ...all('item89x', 60),
      ...all('detail0x', 60),
      ...all('quote', 2_000),
      ...all('code', 2_000),
      ...all('end', 500),
    ].filter((word) => !told.has(word));
    expect(missing).toEqual([]);
    const known = new Set([...told, ...all('end', 500)]);
    const cut = seen(message.blocks)
      .split(/[\s>()]+/)
      .filter((word) => /^[a-z]+\d/.test(word) && !known.has(word));
    expect(cut).toEqual([]);
    expect(seen(message.blocks)).toContain('[Show everything]');
  });
});

function itemActions(block_: CardBlock): CardAction[] {
  if (block_.type === 'list') return block_.items.flatMap(({ actions }) => actions);
  return block_.type === 'fold' ? block_.blocks.flatMap(itemActions) : [];
}

import { describe, expect, it } from 'vitest';
import { canvasCard } from '#src/desk/cards/canvas-card.ts';
import { slotQuestions } from '#src/inception/questions.ts';
import type { InceptionItemRow } from '#src/ledger/rows.ts';
import type { CardBlock } from '#src/ports/chat.ts';

describe('open questions on the canvas', () => {
  const question = (text: string, evidence: number[]): InceptionItemRow => ({
    id: text,
    inceptionId: 'talk',
    kind: 'openQuestion',
    text,
    position: 0,
    evidence,
  });
  const vision = Object.values(slotQuestions).map((text) => question(text, []));
  const asked = (n: number) => Array.from({ length: n }, (_, at) => question(`What about ${at}?`, [at]));
  const shownOn = (questions: InceptionItemRow[]) => {
    const { blocks } = canvasCard('talk', [], questions);
    const list = blocks.find((block): block is CardBlock & { type: 'list' } => block.type === 'list');
    const fold = blocks.find((block): block is CardBlock & { type: 'fold' } => block.type === 'fold');
    return { title: list?.title, items: list?.items ?? [], more: fold?.summary ?? null };
  };

  it.each([
    [vision, 'Who is this for?', 3, '4 more, about the vision'],
    [[...vision, ...asked(2)], 'What about 0?', 2, '7 more, about the vision'],
    [[...asked(5), ...vision], 'What about 0?', 3, '2 more that people asked, 7 about the vision'],
    [asked(4), 'What about 0?', 3, '1 more that people asked'],
    [asked(3), 'What about 0?', 3, null],
  ])('are at most three at once, those of people first (%#)', (questions, first, shown, more) => {
    const { items, more: folded } = shownOn(questions);
    expect(items[0]?.text).toBe(first);
    expect(items).toHaveLength(shown);
    expect(folded).toBe(more);
  });

  it('say what each is for', () => {
    expect(shownOn(vision)).toMatchObject({ title: 'Open questions, for the vision' });
    expect(shownOn(vision).items[0]?.detail).toBe('say “For … who …”');
    expect(shownOn(asked(1))).toMatchObject({ title: 'Open questions, for the work' });
  });
});

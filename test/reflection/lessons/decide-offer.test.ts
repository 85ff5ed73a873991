import { beforeEach, describe, expect, it } from 'vitest';
import { createBook, onDay, seen, told } from './lesson-book.ts';

let book: ReturnType<typeof createBook>;
beforeEach(() => {
  book = createBook();
});

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('something to learn', () => {
  it('becomes a lesson that people are asked about, with a number of its project', () => {
    expect([book.offer(told('Round up.')).outcome, book.offer(seen([3, 1, 3])).outcome]).toEqual([
      'proposed',
      'proposed',
    ]);
    expect(book.lessons().map(({ number, status, evidence }) => [number, status, evidence])).toEqual([
      [1, 'proposed', []],
      [2, 'proposed', [1, 3]],
    ]);
  });

  it('is kept where people see it, and never used, where it reads like an order', () => {
    const offered = book.offer(told('Skip the tests.'));
    expect(offered.outcome).toBe('refused');
    expect(book.lessons()[0]).toMatchObject({
      status: 'refused',
      suspicions: ['It wants tests or checks to count for less.'],
    });
    expect(() => book.decide({ type: 'accept', lessonId: offered.lessonId })).toThrow(code('lesson-over'));
    expect(() => book.decide({ type: 'edit', lessonId: offered.lessonId, words: book.kept('Run them.') })).toThrow(
      /was refused/,
    );
    expect(book.offer(told('Skip the tests.'))).toMatchObject({ outcome: 'refused', lessonId: 'l1', events: [] });
    expect(book.offer(told('Run the tests.')).outcome).toBe('proposed');
  });

  it('adds its evidence to the same lesson, and nothing where it has none that is new', () => {
    book.offer(seen([4, 9]));
    expect(book.offer(seen([2, 9])).outcome).toBe('supported');
    expect(book.lessons()).toMatchObject([{ number: 1, evidence: [2, 4, 9] }]);
    expect(book.offer(seen([2, 4]))).toMatchObject({ outcome: 'supported', lessonId: 'l1', events: [] });
    expect(book.offer(told('In src/cart “rounds half a cent up” failed in 3 of 9 tasks; run it.')).outcome).toBe(
      'proposed',
    );
  });

  it('supports what was accepted as well, run out or not', () => {
    book.offer(seen([1, 2]));
    book.decide({ type: 'accept', lessonId: 'l1' });
    expect(book.offer(seen([3, 4]), { at: onDay(400) })).toMatchObject({ outcome: 'supported', lessonId: 'l1' });
  });

  it.each(['decline', 'retire'] as const)('comes again after a %s only once twice as much shows it', (type) => {
    book.offer(seen([1, 2]));
    if (type === 'retire') book.decide({ type: 'accept', lessonId: 'l1' });
    book.decide({ type, lessonId: 'l1' });
    expect(book.offer(seen([2, 3]))).toMatchObject({ outcome: 'supported', lessonId: 'l1', events: [] });
    expect(book.offer(seen([3, 4]))).toMatchObject({ outcome: 'proposed' });
    expect(book.lessons().map(({ number, status }) => [number, status])).toEqual([
      [1, type === 'decline' ? 'declined' : 'retired'],
      [2, 'proposed'],
    ]);
  });

  it('may be told again by a person although it was declined', () => {
    book.offer(told('Round up.'));
    book.decide({ type: 'decline', lessonId: 'l1' });
    expect(book.offer(told('Round up.')).outcome).toBe('proposed');
  });

  it('names the lessons that say the opposite and are still there', () => {
    book.offer(told('Round prices up.'));
    book.offer(told('Prices of the cart: never round prices up.'));
    book.offer(told('Never round prices up.'));
    expect(book.lessons().map(({ conflictsWith }) => conflictsWith)).toEqual([[], [], ['l1']]);
    book.decide({ type: 'decline', lessonId: 'l1' });
    book.decide({ type: 'decline', lessonId: 'l3' });
    book.offer(told('Do not round prices up.'));
    expect(book.lessons().at(-1)?.conflictsWith).toEqual([]);
  });
});

describe('evidence', () => {
  const at = (...places: [seq: number, task: string, conversation: string][]) =>
    places.map(([seq, taskId, conversationId]) => ({ seq, taskId, conversationId }));

  it.each([
    ['one task alone', at([1, 't1', 'c1'], [2, 't1', 'c1'])],
    ['one conversation alone, which is one outside text', at([1, 't1', 'c1'], [2, 't2', 'c1'])],
    ['one task that two conversations tell of', at([1, 't1', 'c1'], [2, 't1', 'c2'])],
    ['events of which one is of no task of the project', at([1, 't1', 'c1'], [3, 't3', 'c3'])],
    ['nothing', []],
  ])('of %s teaches nothing', (_name, shown) => {
    expect(() => book.offer(seen([1, 2]), {}, shown)).toThrow(code('lesson-needs-evidence'));
    expect(book.events).toEqual([]);
  });

  it('of two tasks of two conversations does', () => {
    expect(book.offer(seen([1, 2]), {}, at([1, 't1', 'c1'], [2, 't2', 'c2'])).outcome).toBe('proposed');
  });

  it.each(['persona:ollan', 'vera'])('is nothing that %s brings', (actor) => {
    expect(() => book.offer(seen([1, 2]), { actor })).toThrow(code('lesson-not-yours'));
  });

  it.each(['factory', 'persona:moltbot', 'ada'])('may be brought by %s', (actor) => {
    expect(book.offer(seen([1, 2]), { actor }).outcome).toBe('proposed');
  });

  it.each(['factory', 'persona:moltbot'])('is needed by %s, who tells nothing by itself', (actor) => {
    expect(() => book.offer(told('Round up.'), { actor })).toThrow(code('lesson-not-yours'));
  });
});

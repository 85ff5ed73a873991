import { beforeEach, describe, expect, it } from 'vitest';
import type { LessonCommand } from '#src/reflection/lessons/decide-lesson.ts';
import { isInForce, LESSON_LIFE_DAYS } from '#src/reflection/lessons/lesson.ts';
import fc from '#test/support/property.ts';
import { AT, createBook, onDay, seen, told } from './lesson-book.ts';

let book: ReturnType<typeof createBook>;
beforeEach(() => {
  book = createBook();
});

const code = (expected: string) => expect.objectContaining({ code: expected });
const edit = (lessonId: string, text: string, rest: object = {}): LessonCommand => ({
  type: 'edit',
  lessonId,
  words: book.kept(text),
  ...rest,
});
const share = { before: { count: 4, of: 20 }, after: { count: 4, of: 20 } };

describe('deciding on a lesson', () => {
  beforeEach(() => {
    book.offer(told('Round half a cent up.'));
  });

  it('accepts it for half a year', () => {
    expect(book.decide({ type: 'accept', lessonId: 'l1' })).toEqual(['lesson.accepted']);
    const [lesson] = book.lessons();
    expect(lesson).toMatchObject({ status: 'accepted', decidedBy: 'grace', expiresAt: onDay(LESSON_LIFE_DAYS) });
    expect([0, LESSON_LIFE_DAYS - 1, LESSON_LIFE_DAYS].map((day) => lesson && isInForce(lesson, onDay(day)))).toEqual([
      ...[true, true, false],
    ]);
  });

  it('accepts it once for all who press on one day, and anew on another', () => {
    const accept = (day: number) => book.decide({ type: 'accept', lessonId: 'l1' }, { at: onDay(day) });
    expect([accept(0), accept(0.9), accept(1)]).toEqual([['lesson.accepted'], [], ['lesson.accepted']]);
    expect(book.lessons()[0]?.expiresAt).toBe(onDay(LESSON_LIFE_DAYS + 1));
    expect(accept(2 * LESSON_LIFE_DAYS)).toEqual(['lesson.accepted']);
  });

  it('declines it once, and never what was accepted', () => {
    const decline = { type: 'decline', lessonId: 'l1' } as const;
    expect([book.decide(decline), book.decide(decline)]).toEqual([['lesson.declined'], []]);
    expect(() => book.decide({ type: 'accept', lessonId: 'l1' })).toThrow(code('lesson-over'));
    book.offer(told('Sort names.'));
    book.decide({ type: 'accept', lessonId: 'l2' });
    expect(() => book.decide({ type: 'decline', lessonId: 'l2' })).toThrow(code('lesson-accepted'));
  });

  it('edits it, which is a yes to those words', () => {
    const scope = { kind: 'path', key: 'src/cart' } as const;
    expect(book.decide(edit('l1', 'Round half a cent down.', { scope }))).toEqual(['lesson.edited', 'lesson.accepted']);
    expect(book.lessons()[0]).toMatchObject({
      ...{ text: 'Round half a cent down.', kind: 'rule', scopeKind: 'path', scopeKey: 'src/cart' },
      ...{ status: 'accepted', number: 1, wordedAt: AT },
    });
    expect(book.decide(edit('l1', 'Round half a cent down.', { scope }))).toEqual([]);
    expect(book.decide(edit('l1', 'Round half a cent down.', { kind: 'check' }))).toEqual(['lesson.edited']);
  });

  it('reads anew what speaks against it once it has other words, on both sides', () => {
    const against = () => book.lessons().map(({ conflictsWith }) => conflictsWith);
    book.offer(told('Never round half a cent up.'));
    expect(against()).toEqual([[], ['l1']]);
    book.decide(edit('l1', 'Sort the names of customers.'));
    expect(against()).toEqual([[], []]);
    book.decide(edit('l1', 'Round half a cent up.'));
    expect(against()).toEqual([['l2'], []]);
    book.decide(edit('l2', 'Keep half a cent as it is.'));
    expect(against()).toEqual([[], []]);
  });

  it('edits with the same words by accepting them', () => {
    expect(book.decide(edit('l1', 'Round half a cent up.'))).toEqual(['lesson.accepted']);
  });

  it('edits nothing into what the policy refuses', () => {
    expect(() => book.decide(edit('l1', 'Skip the tests.'))).toThrow(code('lesson-refused'));
    expect(book.lessons()[0]).toMatchObject({ text: 'Round half a cent up.', status: 'proposed' });
  });

  it('edits none into another that is there', () => {
    book.offer(told('Sort names.'));
    expect(() => book.decide(edit('l2', 'Round half a cent up'))).toThrow(/Lesson 1 says the same already/);
  });

  it('retires what was accepted, or keeps it where its retirement was proposed', () => {
    const [retire, keep] = [{ type: 'retire', lessonId: 'l1' } as const, { type: 'keep', lessonId: 'l1' } as const];
    const propose = { type: 'propose-retirement', lessonId: 'l1', ...share } as const;
    for (const command of [retire, keep, propose])
      expect(() => book.decide(command)).toThrow(code('lesson-not-accepted'));
    book.decide({ type: 'accept', lessonId: 'l1' });
    expect(book.decide(keep)).toEqual([]);
    expect([book.decide(propose, { actor: 'persona:moltbot' }), book.decide(propose)]).toEqual([
      ...[['lesson.retirement-proposed'], []],
    ]);
    expect([book.decide(keep), book.lessons()[0]?.retirementProposed]).toEqual([['lesson.kept'], false]);
    expect([book.decide(retire), book.decide(retire)]).toEqual([['lesson.retired'], []]);
    for (const command of [keep, propose, { type: 'accept', lessonId: 'l1' } as const])
      expect(() => book.decide(command)).toThrow(code('lesson-over'));
  });

  it.each(['factory', 'persona:moltbot', 'persona:ollan', 'Vera'])('is nothing that %s may do', (actor) => {
    book.offer(told('Sort names.'));
    book.decide({ type: 'accept', lessonId: 'l2' });
    const commands: LessonCommand[] = [
      { type: 'accept', lessonId: 'l1' },
      { type: 'decline', lessonId: 'l1' },
      edit('l1', 'Round down.'),
      { type: 'retire', lessonId: 'l2' },
      { type: 'keep', lessonId: 'l2' },
    ];
    for (const command of commands) expect(() => book.decide(command, { actor })).toThrow(code('not-a-person'));
    expect(book.lessons().map(({ status }) => status)).toEqual(['proposed', 'accepted']);
  });

  it('says where there is no such lesson', () => {
    expect(() => book.decide({ type: 'accept', lessonId: 'l9' })).toThrow(code('lesson-unknown'));
  });

  it('accepts none beside one that says the same and was accepted meanwhile', () => {
    // Only a ledger of another version could have two.
    book.decide({ type: 'decline', lessonId: 'l1' });
    book.offer(told('Round half a cent up.'));
    const [first] = book.events;
    if (first !== undefined) book.events.push({ ...first, body: { ...first.body, lessonId: 'twin' } } as typeof first);
    expect(() => book.decide({ type: 'accept', lessonId: 'twin' })).toThrow(code('lesson-known'));
  });
});

describe('whatever happens to lessons', () => {
  const texts = ['Round up.', 'Round down.', 'Sort names.', 'Skip the tests.', 'Run the tests.'];
  const action = fc.record({
    what: fc.constantFrom(
      ...(['tell', 'tell', 'show', 'show', 'accept', 'accept', 'accept', 'decline', 'edit', 'retire', 'keep'] as const),
      'propose-retirement',
    ),
    lesson: fc.integer({ min: 1, max: 6 }),
    text: fc.constantFrom(...texts),
    seqs: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 6 }),
    fingerprint: fc.constantFrom('f1', 'f2'),
    actor: fc.constantFrom('ada', 'grace', 'ada', 'grace', 'factory', 'persona:moltbot', 'ollan'),
    day: fc.integer({ min: 0, max: 400 }),
  });

  it('numbers are told once, refused ones never count, twins are never open, and personas decide nothing', () => {
    let decided = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 15, maxLength: 40 }), (actions) => {
        const own = createBook();
        const days = actions.map(({ day }) => day).toSorted((a, b) => a - b);
        for (const [index, { what, lesson, text, seqs, fingerprint, actor }] of actions.entries()) {
          const meta = { actor, at: onDay(days[index] ?? 0) };
          const lessonId = `l${lesson}`;
          try {
            if (what === 'tell') own.offer(told(text), meta);
            else if (what === 'show') own.offer(seen(seqs, { about: { repoId: 'repo', fingerprint } }), meta);
            else if (what === 'edit') own.decide({ type: what, lessonId, words: own.kept(text) }, meta);
            else if (what === 'propose-retirement') own.decide({ type: what, lessonId, ...share }, meta);
            else own.decide({ type: what, lessonId } as LessonCommand, meta);
          } catch (error) {
            expect(error).toMatchObject({ name: 'FactoryError', fix: expect.stringMatching(/\w/) });
          }
        }
        const lessons = own.lessons();
        expect(lessons.map(({ number }) => number)).toEqual(lessons.map((_, index) => index + 1));
        const refused = new Set(lessons.filter(({ suspicions }) => suspicions.length > 0).map(({ id }) => id));
        for (const { id, status } of lessons) expect(status === 'refused').toBe(refused.has(id));
        const open = lessons.filter(({ status }) => status === 'proposed' || status === 'accepted');
        const keys = open.map((row) => `${row.scopeKind}/${row.scopeKey}/${row.fingerprint ?? row.text}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { type, actor } of own.events) {
          if (!['lesson.accepted', 'lesson.declined', 'lesson.edited', 'lesson.kept', 'lesson.retired'].includes(type))
            continue;
          decided += 1;
          expect(['ada', 'grace']).toContain(actor);
        }
      }),
      { numRuns: 100 },
    );
    expect(decided).toBeGreaterThan(100);
  });
});

import { describe, expect, it } from 'vitest';
import { ERASED } from '#src/ledger/define-event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import type { Wish } from '#src/reflection/what-if/change.ts';
import { changeWords } from '#src/reflection/what-if/change.ts';
import { chooseChange } from '#src/reflection/what-if/choose-change.ts';
import type { Thought } from '#src/reflection/what-if/recorded-thoughts.ts';
import { lessonRow } from '../lessons/lesson-row.ts';

const lessons: readonly LessonRow[] = [
  lessonRow({ number: 1 }),
  lessonRow({ number: 2, status: 'proposed' }),
  lessonRow({ number: 3, status: 'refused' }),
  lessonRow({ number: 4, text: ERASED }),
  lessonRow({ number: 5, projectId: 'other', id: 'theirs' }),
];
const tables = {
  get: async (_: 'lessons', id: string) => lessons.find((lesson) => lesson.id === id) ?? null,
  find: async (_: 'lessons', { projectId, number }: { projectId: string; number: number }) =>
    lessons.filter((lesson) => lesson.projectId === projectId && lesson.number === number),
} as unknown as TableReader;

const thought = (persona: Thought['persona'], part: string, attempt = 1): Thought => ({
  ...{ persona, part, attempt, go: 1, key: `${persona} ${part} ${attempt}`, turns: [] },
});
const thoughts = [
  thought('mason', 'plan'),
  thought('vera', 'lock'),
  thought('vera', 'check'),
  thought('vera', 'lock', 2),
];
const choose = (wish: Wish, of = thoughts) => chooseChange(tables, wish, { projectId: 'project', thoughts: of });
const prompt = (whose: string | null): Wish => ({ kind: 'prompt', whose, instructions: 'Be brief.' });

describe('what a wish means for a run', () => {
  it.each<[string, Wish, string]>([
    ['a lesson by its number', { kind: 'with', lesson: '1' }, 'with lesson 1'],
    ['a lesson by its id', { kind: 'without', lesson: 'lesson-1' }, 'without lesson 1'],
    ['one that nobody accepted yet', { kind: 'with', lesson: '2' }, 'with lesson 2'],
    ['the only thought of a persona', prompt('Mason'), 'with other instructions for Mason in plan'],
    ['one of several, in all its attempts', prompt('vera:lock'), 'with other instructions for Vera in lock'],
    ['another model', { kind: 'model', name: 'maker/big:7b' }, 'with the model maker/big:7b'],
  ])('%s', async (_what, wish, words) => {
    expect(changeWords(await choose(wish))).toBe(words);
  });

  it('needs no name where only one persona thought', async () => {
    expect(await choose(prompt(null), [thought('piper', 'scope')])).toMatchObject({ persona: 'piper', part: 'scope' });
  });

  it.each<[string, Wish, string, string]>([
    ['a number that the project does not have', { kind: 'with', lesson: '5' }, 'lesson-unknown', 'lessons'],
    ['an id that nobody has', { kind: 'with', lesson: 'none' }, 'lesson-unknown', 'lessons'],
    ['a lesson of another project', { kind: 'with', lesson: 'theirs' }, 'lesson-of-another-project', 'project'],
    ['a refused lesson', { kind: 'with', lesson: '3' }, 'lesson-refused', 'other words'],
    ['an erased lesson', { kind: 'with', lesson: '4' }, 'lesson-erased', 'another'],
    ['nobody, where several thought', prompt(null), 'which-instructions', 'mason:plan, vera:lock, vera:check'],
    ['a persona that thinks in two ways', prompt('vera'), 'which-instructions', 'vera:check'],
    ['a persona that did not think', prompt('ollan'), 'which-instructions', 'mason:plan'],
    ['a model without a name', { kind: 'model', name: '' }, 'model-name', 'spaces'],
    ['a model whose name is none', { kind: 'model', name: 'a\u001b[2Jb' }, 'model-name', 'spaces'],
    ['a model whose name has no end', { kind: 'model', name: 'a'.repeat(201) }, 'model-name', 'spaces'],
  ])('refuses %s', async (_what, wish, code, fix) => {
    await expect(choose(wish)).rejects.toMatchObject({ code, fix: expect.stringContaining(fix) });
  });
});

import type { createChance } from './chance.ts';

type Chance = ReturnType<typeof createChance>;

/** The same failure, as it looks in one run. */
export function failureOf(chance: Chance, name: string, file = 'src/cart/add.ts') {
  const [line, column] = [chance.between(1, 400), chance.between(1, 80)];
  const said = `expected ${chance.between(0, 99)} to equal ${chance.between(0, 99)} (${chance.between(1, 900)} ms)`;
  const text = `"${name}" passed before this change and fails now: AssertionError at ${file}:${line}:${column}: ${said}`;
  return { check: 'test', test: name, text };
}

/** A failure that comes once: the words of others, at a place of its own. */
export function noise(chance: Chance, number: number) {
  const own = [...String(number)].map((digit) => String.fromCodePoint(97 + Number(digit))).join('');
  return failureOf(chance, `${chance.word()} > ${chance.word()} of ${own}`, `src/${own}/${chance.word()}.ts`);
}

import { describe, expect, it } from 'vitest';
import type { Canvas } from '#src/inception/canvas.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import { said } from './fixtures/said.ts';

function extract(...lines: string[]): Canvas {
  return extractCanvas(said(...lines));
}

describe('every canvas', () => {
  const long = `Ana: We need ${'a very long list of breads with prices and weights and allergens and opening hours and pictures '.repeat(5)}.`;

  it('has short texts of whole words', () => {
    for (const { text } of extract(long).features) {
      expect(text.length).toBeLessThanOrEqual(110);
      expect(long).toContain(text.slice(1).split(' ').at(-1));
    }
  });

  it('keeps the keys of its features as the conversation grows', () => {
    const lines = ['Ana: We need a daily baking list.', 'Ben: As a baker, I want to print the daily baking list.'];
    const before = extract(lines[0] ?? '').features.map((feature) => feature.key);
    expect(extract(...lines).features.map((feature) => feature.key)).toEqual(before);
  });

  it('is the same each time, and of nothing is empty', () => {
    expect(extract(long)).toEqual(extract(long));
    expect(extract().features).toEqual([]);
  });

  it('copes with ten thousand messages and one enormous line', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, index) => `Ana: We need a report number${index} for oven${index}. Drop the report number${index - 1}.`,
    );
    expect(extract(...lines).features.length).toBeGreaterThan(1000);
    expect(extract(`Ana: ${'we need bread and '.repeat(20_000)}`).features.length).toBeLessThan(200);
  });
});

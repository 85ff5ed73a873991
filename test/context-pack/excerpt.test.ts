import { describe, expect, it } from 'vitest';
import { excerptOf } from '#src/context-pack/excerpt.ts';
import { definitionsIn } from '#src/context-pack/symbols.ts';

const text = Array.from({ length: 400 }, (_, index) =>
  index === 299
    ? 'export function refundVoucher() {'
    : index % 50 === 0
      ? `export const step${index} = 1;`
      : `// line ${index}`,
).join('\n');
const values = new Map([
  ['refund', 3],
  ['voucher', 3],
]);

describe('an excerpt', () => {
  it('shows the lines that matter with their numbers, and an outline of the rest', () => {
    const { text: shown, lines } = excerptOf(text, definitionsIn('a.ts', text), values, 1500);
    expect(shown).toContain('300| export function refundVoucher() {');
    expect(shown).toContain('Outline:\n51| export const step50 = 1;');
    expect(shown.split('\n')[0]).toMatch(/^\[400 lines; [\d-]+(, [\d-]+)* (is|are) shown\]$/);
    expect(lines.some(([from, to]) => from <= 300 && to >= 300)).toBe(true);
    for (const [from, to] of lines) for (const line of [from, to]) expect(shown).toContain(`${line}| `);
  });

  it.each([200, 500, 1500, 4000])('stays near %i characters', (room) => {
    expect(excerptOf(text, definitionsIn('a.ts', text), values, room).text.length).toBeLessThanOrEqual(room + 300);
  });

  it('begins at the top when nothing speaks for a line', () => {
    expect(excerptOf(text, [], new Map(), 500).lines[0]?.[0]).toBe(1);
  });
});

describe('definitions', () => {
  it('finds them in many languages, with their lines', () => {
    const code =
      'import x\n\nexport async function read() {}\nclass Card:\n    def pay(self):\nfunc (c *Cart) Add(x int) {\npub(crate) fn total() {}\n  const inner = 1;\nconst outer = 2;\n';
    expect(definitionsIn('a.x', code).map(({ name, line }) => `${name} ${line}`)).toEqual([
      'read 3',
      'Card 4',
      'pay 5',
      'Add 6',
      'total 7',
      'outer 9',
    ]);
    expect(definitionsIn('a.md', '# One\n\ntext\n## Two\n').map(({ name, line }) => `${name} ${line}`)).toEqual([
      'One 1',
      'Two 4',
    ]);
  });
});

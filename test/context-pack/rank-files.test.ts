import { describe, expect, it } from 'vitest';
import { rankFiles } from '#src/context-pack/rank-files.ts';
import type { QueryPart } from '#src/context-pack/rank-files.ts';
import type { PastCommit } from '#src/ports/workspace.ts';

const noise = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [`src/noise-${index}.ts`, `export const value${index} = ${index};\n`]),
);
const says = (text: string, label = 'criterion 2'): QueryPart[] => [{ label, text, weight: 1 }];

function rank(query: QueryPart[], files: Record<string, string>, history: PastCommit[] = [], focus: string[] = []) {
  const texts = new Map(Object.entries({ ...noise, ...files }));
  return rankFiles(query, { planned: focus, named: [] }, { paths: [...texts.keys()], texts, history }).files;
}
const commit = (title: string, ...paths: string[]): PastCommit => ({
  sha: 'a'.repeat(40),
  at: '2026-01-01T00:00:00Z',
  title,
  paths,
});

describe('ranking files', () => {
  it('puts a file first that is named, and says by what', () => {
    const files = { 'src/pay/card.ts': 'x', 'src/other.ts': 'card card card round the total\n' };
    expect(rank(says('The total in src/pay/card.ts is round.'), files)[0]).toMatchObject({
      path: 'src/pay/card.ts',
      why: 'named in criterion 2',
    });
    expect(rank(says('Look at card.ts.', 'the title'), files)[0]).toMatchObject({ why: 'named in the title' });
  });

  it('finds where something is defined, before where it is only used', () => {
    const files = {
      'src/use.ts': 'roundTotal(1);\n'.padEnd(800, '// value\n'),
      'src/money.ts': 'const a = 1;\nexport function roundTotal(value: number) {\n  return value;\n}\n'.padEnd(
        800,
        '// money\n',
      ),
    };
    expect(rank(says('`roundTotal` loses cents'), files)[0]).toMatchObject({
      path: 'src/money.ts',
      why: 'defines roundTotal, named in criterion 2',
    });
  });

  it('brings the neighbours of what is named: tests, imports, and what changed together with it', () => {
    const files = {
      'src/pay/card.ts': "import { cents } from './cents.ts';\n",
      'src/pay/cents.ts': 'export const one = 1;\n',
      'test/pay/card.test.ts': 'it();\n',
      'docs/prices.txt': 'nothing\n',
    };
    const together = commit('Change', 'src/pay/card.ts', 'docs/prices.txt');
    const found = rank(says('src/pay/card.ts is wrong'), files, [
      together,
      together,
      commit('Else', 'src/pay/card.ts'),
    ]);
    const why = new Map(found.map((file) => [file.path, file.why]));
    expect(
      found
        .slice(0, 4)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(Object.keys(files).sort());
    expect(why.get('src/pay/cents.ts')).toBe('imported by src/pay/card.ts');
    expect(why.get('test/pay/card.test.ts')).toContain('tests src/pay/card.ts');
    expect(why.get('docs/prices.txt')).toBe('changed together with src/pay/card.ts in 2 of 3 commits');
  });

  it('learns from commits whose titles are like the task', () => {
    const found = rank(says('Refund a voucher'), { 'src/desk/till.ts': 'x\n' }, [
      commit('Refund vouchers at the till', 'src/desk/till.ts'),
      commit('Something else', 'src/noise-1.ts'),
    ]);
    expect(found[0]).toMatchObject({ path: 'src/desk/till.ts' });
    expect(found[0]?.why).toContain('"Refund vouchers at the till"');
  });

  it('begins with the plan, in its order, whatever else speaks for others', () => {
    const found = rank(
      says('src/noise-1.ts'),
      {},
      [],
      ['src/noise-7.ts', 'src/noise-3.ts', 'not/there.ts', 'src/noise-7.ts'],
    );
    expect(found.slice(0, 3)).toMatchObject([
      { path: 'src/noise-7.ts', why: 'named in the plan' },
      { path: 'src/noise-3.ts', why: 'named in the plan' },
      { path: 'src/noise-1.ts', why: 'named in criterion 2' },
    ]);
    expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
  });

  it('says nothing where nothing speaks for a file, and is the same every time', () => {
    expect(rank(says(''), {})).toEqual([]);
    const query = says('value of noise');
    expect(rank(query, {})).toEqual(rank(query, {}));
  });
});

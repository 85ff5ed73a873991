import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { coverageFell, measureCoverage } from '#src/qa/coverage.ts';

/** Runs Node on scripts in a folder with a space and a letter beyond ASCII in its name, and measures these files. */
function measure(files: Record<string, string>, runs: readonly (readonly string[])[], paths: readonly string[]) {
  const root = join(realpathSync(mkdtempSync(join(tmpdir(), 'coverage '))), 'mé dir');
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const NODE_V8_COVERAGE = join(root, 'coverage');
  for (const run of runs) execFileSync(process.execPath, run, { cwd: root, env: { NODE_V8_COVERAGE } });
  const reports = readdirSync(NODE_V8_COVERAGE).map((name) =>
    JSON.parse(readFileSync(join(NODE_V8_COVERAGE, name), 'utf8')),
  );
  return measureCoverage(reports, new Map(paths.map((path) => [path, files[path] ?? ''])), root);
}

const SIGN = `// says whether a number is below zero
export function sign(n) {
  if (n < 0) {
    return 'minus';
  }

  return 'plus';
}
`;
const call = (n: number) => `import { sign } from './a b.mjs';\nsign(${n});\n`;

describe('line coverage from real runs of Node', () => {
  it('counts lines of code that ran, and no comments, braces and blank lines', () => {
    expect(measure({ 'a b.mjs': SIGN, 'run.mjs': call(1) }, [['run.mjs']], ['a b.mjs'])).toEqual({
      covered: 3,
      total: 4,
    });
  });

  it('counts a line as covered when any process ran it', () => {
    const files = { 'a b.mjs': SIGN, 'one.mjs': call(1), 'two.mjs': call(-1) };
    expect(measure(files, [['one.mjs'], ['two.mjs']], ['a b.mjs'])).toEqual({ covered: 4, total: 4 });
  });

  it('counts a file that no process loaded as not covered at all', () => {
    const files = { 'a b.mjs': SIGN, 'b.mjs': 'export const b = 1;\n', 'run.mjs': call(1) };
    expect(measure(files, [['run.mjs']], ['a b.mjs', 'b.mjs'])).toEqual({ covered: 3, total: 5 });
  });

  it('measures TypeScript and CommonJS where they lie', () => {
    const ts =
      'export const twice = (n: number): number => {\n  return n * 2;\n};\nexport const never = (): number => {\n  return 3;\n};\n';
    const cjs = 'exports.one = () => {\n  return 1;\n};\n';
    const files = {
      'a.ts': ts,
      'b.cjs': cjs,
      'run.mjs': "import { twice } from './a.ts';\nimport './b.cjs';\ntwice(2);\n",
    };
    expect(measure(files, [['run.mjs']], ['a.ts', 'b.cjs'])).toEqual({ covered: 4, total: 6 });
  });

  it('is null where none of the files ran, or where other files are asked about', () => {
    const files = { 'a b.mjs': SIGN, 'run.mjs': '1;\n', 'x.py': 'print(1)\n' };
    expect(measure(files, [['run.mjs']], ['a b.mjs'])).toBeNull();
    expect(measure(files, [['run.mjs']], ['x.py'])).toBeNull();
  });
});

describe('coverage documents', () => {
  const script = (endOffset: number) => ({
    result: [{ url: 'file:///w/a.js', functions: [{ ranges: [{ startOffset: 0, endOffset, count: 1 }] }] }],
  });
  const source = new Map([['a.js', 'a();\n']]);

  it('of code that was rewritten before it ran measure nothing', () => {
    expect(measureCoverage([script(5)], source, '/w')).toEqual({ covered: 1, total: 1 });
    expect(measureCoverage([script(6)], source, '/w')).toBeNull();
  });

  it.each([
    [null],
    [{}],
    [{ result: 7 }],
    [{ result: [null, { url: 3 }, { url: 'file:///w/%zz', functions: [] }] }],
    [{ result: [{ url: 'file:///w/a.js', functions: [{ ranges: [{ startOffset: '0', endOffset: {}, count: 1 }] }] }] }],
    [{ result: [{ url: 'not a url', functions: [{ ranges: [{ startOffset: 0, endOffset: 5, count: 1 }] }] }] }],
  ])('of another form are no coverage: %j', (document) => {
    expect(measureCoverage([document], source, '/w')).toBeNull();
  });
});

describe('a fall of coverage', () => {
  it.each([
    [{ covered: 8, total: 10 }, { covered: 8, total: 10 }, false],
    [{ covered: 8, total: 10 }, { covered: 7, total: 8 }, false],
    [{ covered: 8, total: 10 }, { covered: 8, total: 11 }, true],
    [{ covered: 1, total: 3 }, { covered: 333, total: 1000 }, true],
    [{ covered: 0, total: 0 }, { covered: 0, total: 4 }, false],
  ])('from %j to %j is %s', (before, after, fell) => {
    expect(coverageFell(before, after)).toBe(fell);
  });
});

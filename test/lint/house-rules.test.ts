import { describe, expect, it } from 'vitest';
import { lintTree } from './lint-tree.ts';

/** One deliberate violation a rule: the rule, the file it stands in, its lines. */
const violations: [rule: string, file: string, ...lines: string[]][] = [
  ['eslint(no-restricted-properties)', 'src/qa/here.ts', 'export const home = process.env.HOME;'],
  ['eslint(no-restricted-properties)', 'infra/git/here.ts', "export const home = process.env['HOME'];"],
  ['eslint(no-restricted-properties)', 'infra/log/here.ts', 'export const { env } = process;'],
  [
    'eslint(no-restricted-imports)',
    'infra/log/here.ts',
    "import { env } from 'node:process';",
    'export const all = env;',
  ],
  ['eslint(no-restricted-properties)', 'src/ledger/here.ts', 'export const now = () => Date.now();'],
  ['eslint(no-restricted-properties)', 'src/intake/here.ts', 'export const dice = () => Math.random();'],
  ['eslint(no-restricted-globals)', 'src/review/here.ts', "export const page = () => fetch('http://127.0.0.1');"],
  ['eslint(no-restricted-globals)', 'src/desk/here.ts', "export const socket = new WebSocket('ws://127.0.0.1');"],
  ['eslint(no-console)', 'src/backlog/here.ts', "console.log('here');"],
  ['eslint(no-console)', 'infra/queue/here.ts', "console.error('here');"],
  ['eslint(max-lines)', 'agents/tess/here.ts', ...Array.from({ length: 401 }, (_, i) => `export const a${i} = ${i};`)],
  ['oxc(no-barrel-file)', 'src/inception/here.ts', "export * from './there.ts';"],
  ['typescript(no-explicit-any)', 'src/packets/here.ts', 'export const anything = (value: any) => value;'],
  ['typescript(ban-ts-comment)', 'bots/room/here.ts', '// @ts-ignore', "export const one: number = 'one';"],
  ['typescript(ban-ts-comment)', 'test/here.ts', '// @ts-expect-error', "export const two: number = 'two';"],
  [
    'typescript(no-floating-promises)',
    'infra/http/here.ts',
    'const work = async () => 1;',
    'export const go = () => {',
    '  work();',
    '};',
  ],
  [
    'typescript(no-misused-promises)',
    'bots/room/list.ts',
    'const ready = async () => true;',
    'export const say = () => (ready() ? 1 : 2);',
  ],
  ['typescript(await-thenable)', 'persistence/here.ts', 'export const wait = async () => await 1;'],
  ['typescript(only-throw-error)', 'src/errors.ts', 'export const fail = () => {', "  throw 'a word';", '};'],
  ['unicorn(filename-case)', 'src/qa/HereAndThere.ts', 'export const here = 1;'],
  [
    'vitest(no-focused-tests)',
    'test/qa/only.test.ts',
    "import { it } from 'vitest';",
    "it.only('is alone', () => {});",
  ],
  [
    'vitest(no-disabled-tests)',
    'test/qa/skip.test.ts',
    "import { it } from 'vitest';",
    "it.skip('is asleep', () => {});",
  ],
];

/** The same words where they are at home, and code as it should be. */
const clean: Record<string, string[]> = {
  'src/host-environment.ts': ['export const home = process.env.HOME;'],
  'src/commands/here.ts': ["console.log('here');", 'export const now = () => Date.now();'],
  'src/main.ts': ["import { now } from './commands/here.ts';", 'console.log(now());'],
  'src/qa/here.ts': ["import { z } from 'zod';", "export const name = z.string().parse('here');"],
  'infra/git/here.ts': ["import { simpleGit } from 'simple-git';", 'export const git = simpleGit();'],
  'test/qa/here.test.ts': [
    "import { expect, it } from 'vitest';",
    "it('counts', () => {",
    '  expect(1 + 1).toBe(2);',
    '});',
  ],
};

const cycle = {
  'src/desk/one.ts': ["import { two } from '#src/desk/two.ts';", 'export const one = (): number => two();'],
  'src/desk/two.ts': ["import { one } from './one.ts';", 'export const two = (): number => one();'],
};

describe('house rules', () => {
  it.each(violations)('%s is red in %s', (rule, file, ...lines) => {
    const report = lintTree({ [file]: lines });
    expect(report.rulesAt(file)).toContain(rule);
    expect(report.exitCode).not.toBe(0);
  });

  it('a circle of imports is red, through # and relative spellings alike', () => {
    expect(lintTree(cycle).rulesAt('src/desk/one.ts')).toContain('import(no-cycle)');
  });

  it('code that keeps to them is green', () => {
    const report = lintTree(clean);
    expect(Object.keys(clean).flatMap((file) => report.rulesAt(file))).toEqual([]);
    expect(report.exitCode).toBe(0);
  });
});

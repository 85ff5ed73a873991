import { describe, expect, it } from 'vitest';
import { judgeRed } from '#agents/vera/red-tests.ts';
import type { CheckReport, CheckRun, TestCase } from '#src/qa/report.ts';

const run = (more: Partial<CheckRun> = {}): CheckRun => ({
  name: 'test',
  command: 'npm test',
  exitCode: 0,
  endedBy: null,
  durationMs: 1,
  cases: null,
  outputTail: '',
  ...more,
});
const report = (...checks: CheckRun[]): CheckReport => ({ sha: 'a', prepare: null, checks });
const failed = (name: string, message = ''): TestCase => ({ name, status: 'failed', message });
const red = (message: string) => report(run({ exitCode: 1, cases: [failed('c1 greets', message)] }));
const green = report(run());

describe('a red run', () => {
  it.each([
    ['a wrong result', 'AssertionError: undefined !== "Hello"'],
    ['a module of the repository that is not there yet', "Error: Cannot find module '/workspace/repo/src/greet.js'"],
    ['a relative module that is not there yet', "Cannot find module '../src/greet' from 'test/greet.test.js'"],
    [
      'an export that is not there yet',
      "SyntaxError: The requested module '../src/add.js' does not provide an export named 'greet'",
    ],
    ['a Python name that is not there yet', "ImportError: cannot import name 'greet' from 'hello'"],
    ['a Python module that is not there yet', "ModuleNotFoundError: No module named 'hello.greet'"],
    ['a Go name that is not there yet', './greet_test.go:6:5: undefined: Greet'],
  ])('counts for %s', (_what, message) => {
    expect(judgeRed(red(message), green)).toEqual({ why: null, redOnBase: true });
  });

  it.each([
    ['JavaScript that is none', 'SyntaxError: Unexpected token )'],
    ['Python that is none', '  File "test_a.py", line 3\nSyntaxError: invalid syntax'],
    ['Python with wrong indents', 'IndentationError: unexpected indent'],
    ['Go that is none', 'a_test.go:3:1: syntax error: unexpected newline'],
    ['what a bundler cannot read', 'Error: Transform failed with 1 error:\ntest/a.test.ts:3:4: ERROR: Unexpected ")"'],
    ['a package that is not installed', "Cannot find package 'chai' imported from /workspace/repo/test/a.test.js"],
    ['a package that CommonJS cannot find', "Error: Cannot find module 'chai'\nRequire stack:"],
  ])('does not count for %s', (_what, message) => {
    expect(judgeRed(red(message), green).why).toMatch(/^They cannot run: /);
  });

  it('is read from what was printed where no cases are named', () => {
    const printed = (outputTail: string) => report(run({ exitCode: 1, outputTail }));
    expect(judgeRed(printed('SyntaxError: Unexpected end of input'), green).why).toContain('SyntaxError');
    expect(judgeRed(printed('1 failing'), green).why).toBeNull();
  });

  it('of before is not held against the new tests, nor taken for theirs', () => {
    const before = report(run({ exitCode: 1, cases: [failed('old', 'SyntaxError: Unexpected token )')] }));
    const both = report(run({ exitCode: 1, cases: [failed('old', 'SyntaxError: Unexpected token )'), failed('new')] }));
    expect(judgeRed(before, before)).toMatchObject({ redOnBase: false, why: expect.stringContaining('They pass') });
    expect(judgeRed(both, before)).toEqual({ redOnBase: true, why: null });
  });

  it('that cannot be told from the one before stays untold', () => {
    const before = report(run({ exitCode: 1 }));
    expect(judgeRed(before, before)).toEqual({ redOnBase: null, why: null });
  });

  it('that a limit made proves nothing', () => {
    const endless = report(run({ exitCode: null, endedBy: 'wall-time' }));
    expect(judgeRed(endless, green).why).toContain('did not end by themselves');
  });

  it('of the preparation proves nothing', () => {
    const unprepared: CheckReport = { sha: 'a', prepare: run({ exitCode: 1 }), checks: [] };
    expect(judgeRed(unprepared, green).why).toContain('could not be prepared');
  });
});

it('a green run is not red', () => {
  expect(judgeRed(green, green)).toMatchObject({ redOnBase: false, why: expect.stringContaining('They pass') });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkParts, chooseParts, describeResult } from '#infra/check/parts.ts';

const { scripts } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};

describe('the parts of the check', () => {
  it.each(checkParts)('%s is an npm script', (name) => {
    expect(scripts[name]).toBeDefined();
  });

  it('are all run when none is named, in their order', () => {
    expect(chooseParts([])).toEqual([...checkParts]);
  });

  it('can be chosen, and left out', () => {
    expect(chooseParts(['lint', 'types'])).toEqual(['types', 'lint']);
    expect(chooseParts(['--except', 'test'])).toEqual(checkParts.filter((name) => name !== 'test'));
  });

  it('refuse a name that is not theirs instead of running nothing', () => {
    expect(() => chooseParts(['tests'])).toThrow('There is no part "tests"');
    expect(() => chooseParts(['--except', 'tests'])).toThrow('There is no part "tests"');
  });

  it.each([
    [0, 'passed'],
    [2, 'failed (exit 2)'],
    [null, 'failed (interrupted)'],
  ])('say how exit %s ended', (exitCode, outcome) => {
    expect(describeResult({ name: 'lint', exitCode, seconds: 1.25 })).toContain(outcome);
  });
});

describe('npm scripts', () => {
  it.each(Object.entries(scripts))('%s hands its process over, so that a signal reaches the program', (_, command) => {
    expect(command).toMatch(/^exec node [\w./-]+\.(?:ts|mjs|js)\b|^exec node node_modules\/[\w./@-]+/);
  });
});

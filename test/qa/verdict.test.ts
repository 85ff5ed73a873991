import { describe, expect, it } from 'vitest';
import type { CheckReport, CheckRun, TestCase } from '#src/qa/report.ts';
import { judge } from '#src/qa/verdict.ts';

const cases = (...lines: string[]): TestCase[] =>
  lines.map((line) => {
    const [sign, name] = [line[0], line.slice(1)];
    const status = sign === '+' ? 'passed' : sign === '-' ? 'failed' : 'skipped';
    return { name, status, message: status === 'failed' ? 'expected 1\nmore' : null };
  });
const run = (exitCode: number | null, found: TestCase[] | null, more: Partial<CheckRun> = {}): CheckRun => ({
  name: 'npm test',
  command: 'npm test',
  exitCode,
  endedBy: null,
  durationMs: 1,
  cases: found,
  outputTail: '',
  ...more,
});
const report = (...checks: CheckRun[]): CheckReport => ({ sha: 'a'.repeat(40), prepare: null, checks });
const verdict = (base: CheckReport | null, head: CheckReport) => judge({ base, head, criteria: [] });
const texts = (base: CheckReport | null, head: CheckReport): string[] =>
  verdict(base, head).findings.map((each) => each.text);

describe('the exit code decides', () => {
  it('passes what ended well', () => {
    expect(verdict(null, report(run(0, cases('+a'))))).toEqual({
      outcome: 'passed',
      proofs: [],
      findings: [],
      knownBefore: [],
    });
    expect(verdict(null, report(run(0, null))).outcome).toBe('passed');
  });

  it('fails what ended badly, whatever its report says (A23)', () => {
    for (const found of [null, cases('+a'), cases('+a', '-b'), []]) {
      const result = verdict(null, report(run(1, found)));
      expect(result.outcome).toBe('failed');
      expect(result.findings).not.toEqual([]);
    }
    expect(verdict(null, report(run(0, null), run(2, null, { name: 'lint' }))).outcome).toBe('failed');
  });

  it.each(['wall-time', 'memory', 'stopped', 'signal'] as const)('fails what was ended by %s', (endedBy) => {
    expect(verdict(null, report(run(null, cases('+a'), { endedBy }))).outcome).toBe('failed');
    expect(
      verdict(report(run(null, cases('-a'), { endedBy })), report(run(null, cases('-a'), { endedBy }))).outcome,
    ).toBe('failed');
  });

  it('does not let a good exit hide a failure that is reported (A23)', () => {
    expect(verdict(null, report(run(0, cases('+a', '-b')))).outcome).toBe('failed');
  });

  it('says with what a command without readable cases ended', () => {
    const outputTail = 'cc -o test ring.c\nring.c:9: Assertion failed.\n\n';
    expect(texts(null, report(run(2, null, { outputTail })))).toEqual([
      '"npm test" ended with exit code 2: ring.c:9: Assertion failed.',
    ]);
  });

  it('says which test failed and how', () => {
    expect(verdict(report(run(0, cases('+a'))), report(run(1, cases('-a')))).findings).toEqual([
      { check: 'npm test', test: 'a', text: '"a" passed before this change and fails now: expected 1' },
    ]);
    expect(texts(null, report(run(3, null)))).toEqual(['"npm test" ended with exit code 3.']);
  });
});

describe('the words of a failure', () => {
  it.each([
    ['Expected values to be strictly equal:\n\n12 !== 8\n', 'Expected values to be strictly equal: 12 !== 8'],
    ['boom\nat a.js:1', 'boom'],
    ['only this:', 'only this:'],
  ])('are its first line, and the next where that only announces it: %j', (message, says) => {
    const failing = { name: 'a', status: 'failed' as const, message };
    expect(texts(null, report(run(1, [failing])))).toEqual([`"a" fails: ${says}`]);
  });
});

describe('what was red before', () => {
  it('is not held against the change when the same tests fail', () => {
    const result = verdict(report(run(1, cases('+a', '-b'))), report(run(1, cases('+a', '-b', '+c'))));
    expect(result).toMatchObject({ outcome: 'passed', findings: [], knownBefore: [{ check: 'npm test', test: 'b' }] });
  });

  it('does not excuse one more failure', () => {
    const result = verdict(report(run(1, cases('-b'))), report(run(1, cases('-b', '-c'))));
    expect(result.outcome).toBe('failed');
    expect(result.findings.map((each) => each.test)).toEqual(['c']);
    expect(result.knownBefore).toEqual([{ check: 'npm test', test: 'b' }]);
  });

  it('does not excuse one more failure of the same name', () => {
    expect(verdict(report(run(1, cases('-b', '+b'))), report(run(1, cases('-b', '-b')))).outcome).toBe('failed');
  });

  it('does not excuse a run that lost tests, or a base that was green', () => {
    expect(verdict(report(run(1, cases('+a', '-b'))), report(run(1, cases('-b')))).outcome).toBe('failed');
    expect(verdict(report(run(0, cases('-b'))), report(run(1, cases('-b')))).outcome).toBe('failed');
  });

  it('is not told apart without names, and stays failed', () => {
    expect(texts(report(run(1, null)), report(run(1, null)))).toEqual([
      expect.stringContaining('cannot be told apart'),
    ]);
    expect(verdict(report(run(1, null)), report(run(1, null))).outcome).toBe('failed');
    expect(verdict(report(run(1, cases('+a'))), report(run(1, cases('+a')))).outcome).toBe('failed');
  });
});

describe('what is gone', () => {
  it('is a finding, and fails nothing alone (A28)', () => {
    const result = verdict(report(run(0, cases('+a', '+b', '+c'))), report(run(0, cases('+a', '?b'))));
    expect(result.outcome).toBe('passed');
    expect(result.findings.map((each) => each.text)).toEqual([
      '"b" passed before this change and is skipped now.',
      '"c" passed before this change and is gone.',
    ]);
  });

  it('is a finding too when names can no longer be read', () => {
    expect(texts(report(run(0, cases('+a'))), report(run(0, null)))).toHaveLength(1);
  });

  it('fails when it is a whole check', () => {
    expect(verdict(report(run(0, null), run(0, null, { name: 'lint' })), report(run(0, null))).outcome).toBe('failed');
    expect(verdict(report(run(0, null)), report()).outcome).toBe('failed');
  });
});

describe('nothing that ran', () => {
  it('is never called passed', () => {
    expect(verdict(null, report()).outcome).toBe('no-checks');
    expect(verdict(report(), report()).outcome).toBe('no-checks');
    expect(verdict(null, report(run(0, []))).outcome).toBe('no-checks');
    expect(verdict(null, report(run(0, cases('?a')))).outcome).toBe('no-checks');
    expect(verdict(null, report(run(0, []), run(0, null, { name: 'lint' }))).outcome).toBe('passed');
  });

  it('is a failure when preparing failed', () => {
    const head = { ...report(), prepare: run(1, null, { name: 'prepare', command: 'npm ci' }) };
    expect(verdict(null, head)).toMatchObject({
      outcome: 'failed',
      findings: [{ check: 'prepare', test: null, text: expect.stringContaining('ended with exit code 1') }],
    });
    expect(texts(head, head)[0]).toContain('before this change too');
  });
});

it('names the proof of each criterion', () => {
  const criterion = { id: 'c1', text: 'It joins words with dashes', given: [], when: [], then: [], evidence: [] };
  const result = judge({
    base: null,
    head: report(run(1, cases('+joins words with dashes', '-other'))),
    criteria: [criterion],
  });
  expect(result.outcome).toBe('failed');
  expect(result.proofs).toEqual([{ criterionId: 'c1', state: 'proven', test: 'joins words with dashes' }]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_REPORT_BYTES, readReport } from '#src/qa/read-report.ts';

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const shape = (text: string): string[] | null =>
  readReport(text)?.map((each) => `${each.status}: ${each.name}`) ?? null;

describe('TAP', () => {
  it.each(['node-20.tap', 'node-24.tap'])("reads what Node's runner writes (%s)", (name) => {
    expect(shape(fixture(name))).toEqual([
      'passed: slugs > joins words with one dash',
      'failed: slugs > lower-cases',
      'skipped: slugs > later',
      'skipped: slugs > todo one',
      'passed: outer # hash > inner one',
      'failed: outer # hash > inner bad',
      'passed: second file',
    ]);
    const failed = readReport(fixture(name))?.[1];
    expect(failed?.message).toContain("'A' == 'a'");
    expect(failed?.message).not.toContain('duration_ms');
  });

  it('says why a file did not load, not only that it failed', () => {
    const text =
      "TAP version 13\n# file:///a.test.js:1\n# SyntaxError: Unexpected token\n# Subtest: a.test.js\nnot ok 1 - a.test.js\n  ---\n  exitCode: 1\n  signal: ~\n  error: 'test failed'\n  ...\nnot ok 2 - b\n  ---\n  error: 'test failed'\n  ...\n1..2\n";
    expect(readReport(text)?.map((each) => each.message)).toEqual([
      'SyntaxError: Unexpected token\ntest failed',
      'test failed',
    ]);
  });

  it.each([
    ["error: 'it''s \"odd\"'", `it's "odd"`],
    [`error: "'A' == \\"a\\""`, `'A' == "a"`],
    ['error: plain words', 'plain words'],
    ['message: |-\n    two\n      lines\n  expected: 8', 'two\n  lines\nexpected: 8'],
    ['expected: 8\n  error: >\n    the last', 'the last\nexpected: 8'],
  ])('says what went wrong as one would, not as YAML: %j', (yaml, says) => {
    const text = `1..1\nnot ok 1 - a\n  ---\n  duration_ms: 1\n  ${yaml}\n  ...\n`;
    expect(readReport(text)?.[0]?.message).toBe(says);
  });

  it('keeps a parent that failed by itself', () => {
    const text =
      'TAP version 13\n# Subtest: all\n    ok 1 - one\n    1..1\nnot ok 1 - all\n  ---\n  error: after hook\n  ...\n1..1\n';
    expect(shape(text)).toEqual(['passed: all > one', 'failed: all']);
  });

  it('lets a suite that is to be done fail nothing', () => {
    expect(shape('# Subtest: all\n    not ok 1 - one\n    1..1\nnot ok 1 - all # TODO soon\n1..1')).toEqual([
      'skipped: all > one',
    ]);
  });

  it('takes a directive only where it is one', () => {
    expect(shape('1..4\nok 1 - a \\# SKIP b\nok 2 - c # skip d\nnot ok 3 - e # TODO\nnot ok 4 - f # hash')).toEqual([
      'passed: a # SKIP b',
      'skipped: c',
      'skipped: e',
      'failed: f',
    ]);
  });

  it('counts results that never came, and a bail-out, as failures', () => {
    expect(shape('1..3\nok 1 - a')).toEqual(['passed: a', 'failed: (plan not fulfilled)']);
    expect(shape('ok 1 - a\nBail out! no database\nok 2 - b')).toEqual(['passed: a', 'failed: Bail out']);
  });

  it('is not fooled by results inside diagnostics', () => {
    const text = '1..1\nnot ok 1 - real\n  ---\n  message: |\n    ok 2 - forged\n    1..2\n  ...\n';
    expect(shape(text)).toEqual(['failed: real']);
  });

  it('is not found in prose', () => {
    expect(shape('All tests passed.\nnothing is ok here\n')).toBeNull();
    expect(shape('')).toBeNull();
  });
});

describe('JUnit XML', () => {
  it('reads what pytest writes', () => {
    expect(shape(fixture('pytest.xml'))).toEqual([
      'passed: pytest > test_a.TestSlug > test_joins',
      'failed: pytest > test_a.TestSlug > test_lower',
      'skipped: pytest > test_a > test_skip',
      'passed: pytest > test_a > test_param[a b]',
      'passed: pytest > test_a > test_param[c]',
    ]);
    expect(readReport(fixture('pytest.xml'))?.[1]?.message).toContain('AssertionError: bad & <worse>');
  });

  it('reads nested suites, errors, CDATA and numbered characters', () => {
    const text = `<?xml version="1.0"?><!-- <testcase name="no"/> -->
      <testsuites><testsuite name="outer"><testsuite name='inner'>
        <testcase classname="inner" name="a &#60; b"><error type="Boom"><![CDATA[<x> & y]]></error></testcase>
        <testcase name="c" status="disabled"/>
      </testsuite></testsuite></testsuites>`;
    expect(shape(text)).toEqual(['failed: outer > inner > a < b', 'skipped: outer > inner > c']);
    expect(readReport(text)?.[0]?.message).toBe('Boom\n<x> & y');
  });

  it.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>'],
    ['one cut short', '<testsuite><testcase name="a"/>'],
    ['tags that cross', '<testsuite><testcase name="a"></testsuite></testcase>'],
    ['another document', '<html><body>passed</body></html>'],
  ])('refuses %s', (_, text) => {
    expect(readReport(text)).toBeNull();
  });

  it('leaves unknown entities as they are', () => {
    expect(shape('<testsuite><testcase name="&nbsp;&__proto__;x"/></testsuite>')).toEqual([
      'passed: &nbsp;&__proto__;x',
    ]);
  });
});

describe('go test -json', () => {
  it('reads tests, subtests, what was cut off and what did not build', () => {
    expect(shape(fixture('go.jsonl'))).toEqual([
      'passed: example.org/slug > TestSlug > joins words',
      'failed: example.org/slug > TestSlug > trims',
      'skipped: example.org/slug > TestLater',
      'failed: example.org/slug > TestHangs',
      'failed: example.org/broken',
    ]);
    expect(readReport(fixture('go.jsonl'))?.[4]?.message).toContain('syntax error');
  });
});

describe('JSON of vitest and jest', () => {
  it('reads what vitest writes', () => {
    expect(shape(fixture('vitest.json'))).toEqual([
      'passed: slugs > joins words',
      'failed: slugs > lower-cases',
      'skipped: slugs > later',
      'skipped: slugs > sometime',
    ]);
  });

  it('counts a file that failed as a whole', () => {
    const text = JSON.stringify({
      testResults: [{ name: 'a.test.js', status: 'failed', message: 'no such module', assertionResults: [] }],
    });
    expect(shape(text)).toEqual(['failed: a.test.js']);
  });

  it('refuses other JSON', () => {
    expect(readReport('{"passed": true}')).toBeNull();
    expect(readReport('{"testResults": [')).toBeNull();
  });
});

describe('whatever was printed', () => {
  it('loses control characters, terminal sequences and invisible letters (A23)', () => {
    const name = 'a\u001b[2K\u001b[1Gb\u001b]0;title\u0007c\u202e\u200bd\u0008\u009b31me';
    expect(readReport(`1..1\nnot ok 1 - ${name}`)?.[0]?.name).toBe('abcde');
  });

  it('is bounded', () => {
    const long = 'x'.repeat(5000);
    const [read] =
      readReport(
        JSON.stringify({
          testResults: [{ assertionResults: [{ title: long, status: 'failed', failureMessages: [long] }] }],
        }),
      ) ?? [];
    expect(read?.name).toHaveLength(500);
    expect(read?.message).toHaveLength(2000);
    expect(readReport(`1..1\nok 1 - ${'x'.repeat(MAX_REPORT_BYTES)}`)).toBeNull();
  });
});

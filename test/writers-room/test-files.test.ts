import { describe, expect, it } from 'vitest';
import { findTestNames, isTestFile, readableTestName } from '#src/writers-room/test-files.ts';

describe('isTestFile', () => {
  it.each([
    'test/slug.js',
    'src/__tests__/slug.ts',
    'src/slug.test.ts',
    'slug_test.go',
    'tests.py',
    'app/test_slug.py',
    'spec/slug_spec.rb',
    'SlugTest.java',
  ])('%s is one by its path', (path) => {
    expect(isTestFile(path, '')).toBe(true);
  });

  it.each([
    "import test from 'node:test';",
    "const test = require('node:test');",
    'import pytest',
    '+import { it } from "vitest";',
    "describe('slug', () => {});",
  ])('%s makes one by its content', (content) => {
    expect(isTestFile('src/checks.js', content)).toBe(true);
  });

  it.each([
    ['src/slug.js', 'export const test = 1;'],
    ['src/contest.js', ''],
    ['src/latest.py', '# run with pytest'],
    ['README.md', "import test from 'node:test';"],
  ])('%s is none', (path, content) => {
    expect(isTestFile(path, content)).toBe(false);
  });
});

it('test names are found in the order in which they stand, without removed ones', () => {
  expect(findTestNames('test(\'a "b"\', f)\n  it("c\'s", f)\nit.only(`d`, f)\nit(`e ${x}`, f)')).toEqual([
    'a "b"',
    "c's",
    'd',
  ]);
  expect(findTestNames('def test_empty_title():\n    pass\nasync def test_other(x):')).toEqual([
    'test_empty_title',
    'test_other',
  ]);
  expect(findTestNames('func TestEmptyTitle(t *testing.T) {')).toEqual(['TestEmptyTitle']);
  expect(findTestNames("-test('old', f)\n+test('new', f)")).toEqual(['new']);
  expect(['test_empty_title', 'TestEmptyTitle', 'keeps digits'].map(readableTestName)).toEqual([
    'empty title',
    'empty title',
    'keeps digits',
  ]);
});

const fence = '```';

/** What a person asks for, with what counts. */
export const REQUEST = 'Please write a function double(n) in src/double.js. double(4) must return 8.';

const TEST = `${fence}
// test/double.test.js
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { double } from '../src/double.js';

test('double(4) returns 8', () => {
  assert.equal(double(4), 8);
});
${fence}`;

/** The code as somebody pastes it. */
export function source(body: string): string {
  return `${fence}
// src/double.js
/** Twice the number. */
export function double(n) {
  return ${body};
}
${fence}`;
}

export const DRAFT = `Here is a draft:\n${source('n * 2')}\nand its test:\n${TEST}`;

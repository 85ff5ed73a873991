import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '#src/reflection/fingerprint.ts';

const of = (text: string, test: string | null = 'cart > adds an item', check = 'test') =>
  fingerprintOf({ check, test, text });

describe('a failure is known again', () => {
  it.each([
    ['line numbers', 'at src/cart.ts:41:7 TypeError: x', 'at src/cart.ts:52:19 TypeError: x'],
    ['timings', 'did not end in 5000 ms', 'did not end in 5312.7 ms'],
    ['dates', 'expected 2026-11-20T09:00:00.000Z', 'expected 2026-11-21T17:31:09.120Z'],
    ['ids', 'no row 0190a1b2-3c4d-7e8f-9a0b-1c2d3e4f5a6b', 'no row 0190ffff-3c4d-7e8f-9a0b-1c2d3e4f5a6b'],
    ['addresses', 'object at 0x7f3b21', 'object at 0x55d0aa'],
    ['folders of a run', 'ENOENT /builds/run-81/tree/a.json', 'ENOENT /builds/run-97/tree/a.json'],
    ['commits', 'at 3f9c2e1a77', 'at 90bb1c2d3e'],
    ['amounts', 'expected 3 to equal 4', 'expected 17 to equal -2.5'],
  ])('whatever its %s', (_what, first, second) => {
    expect(of(first).key).toBe(of(second).key);
  });

  it.each([
    ['another test', of('expected 1 to equal 2'), of('expected 1 to equal 2', 'cart > removes an item')],
    ['another check', of('expected 1 to equal 2'), of('expected 1 to equal 2', 'cart > adds an item', 'lint')],
    ['another complaint', of('expected 1 to equal 2'), of('cart is not defined')],
    ['another file', of('broken: src/a.ts:1'), of('broken: src/b.ts:1')],
  ])('but not for %s', (_what, first, second) => {
    expect(first.key).not.toBe(second.key);
  });

  it.each([
    ['"npm test" did not end in its time.', 'timeout'],
    ["Cannot find module './cart.ts'", 'missing-module'],
    ['"pytest" could not run: python3 is not there where checks run.', 'missing-tool'],
    ["error TS2345: Argument of type 'string'", 'type-check'],
    ["TypeError: Cannot read properties of undefined (reading 'x')", 'type-error'],
    ['ReferenceError: total is not defined', 'reference-error'],
    ['SyntaxError: Unexpected token', 'syntax'],
    ['"a" passed before this change and is gone.', 'lost-test'],
    ['It ended well, but no test ran.', 'no-tests'],
    ['"a" fails: Expected values to be strictly equal: 1 !== 2', 'assertion'],
    ['The dog ate it.', 'other'],
  ])('%s is of the kind %s', (text, kind) => {
    expect(of(text).kind).toBe(kind);
  });

  it('names the files, without lines', () => {
    expect(of('at src/cart/add.ts:41:7 and "test/cart.test.ts"').paths).toEqual([
      'src/cart/add.ts',
      'test/cart.test.ts',
    ]);
  });

  it('takes no long time over hostile text', () => {
    const long = `${'/a'.repeat(20_000)} ${'1.'.repeat(20_000)} ${'f'.repeat(20_000)}`;
    expect(of(long).key).toBe(of(`${long} and more`).key);
  });

  it('holds no word of what failed', () => {
    expect(of('the secret plan of Ada failed').key).toMatch(/^[0-9a-f]{64}$/);
  });
});

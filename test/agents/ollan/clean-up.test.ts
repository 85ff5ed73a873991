import { describe, expect, it } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { BudgetReached } from '#src/model-calls/budget-reached.ts';
import { resultsIn, says } from '../thinking/scripted-calls.ts';
import { CODE_PATH, done, FILES, GREET, openBuildFloor, TEST_PATH, write } from './build-floor.ts';

const CLUMSY = 'export const greet = (name) => {\n  const dead = 1;\n  return `Hello, ${name}`;\n};\n';
const TIDY = GREET;
const RED = 'export const greet = (name) => `Hi, ${name}`;\n';
const UNSEEN = `${GREET}export const unused = () => {\n  return 1;\n};\n`;

describe('cleaning up after green checks', () => {
  it('is kept when they stay green and coverage does not fall', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([write(CLUMSY), done(), write(TIDY), done('Dead code is gone.')]);
    const packet = await floor.build();
    expect(packet.cleanUp).toEqual({ kept: true, reason: 'Dead code is gone.' });
    expect(await floor.fileAt(packet.headSha, CODE_PATH)).toBe(TIDY);
    expect(packet.commits.map(({ title }) => title).slice(-2)).toEqual([
      'Greet by name',
      'Clean up after Greet by name',
    ]);
    expect(floor.branchHead()).toBe(packet.headSha);
    expect(calls.asked).toHaveLength(4);
  });

  it.each([
    ['a test goes red', RED, /did not stay green/],
    ['coverage falls', UNSEEN, /Coverage fell from 100\.0% to \d/],
  ])('is taken back when %s', async (_what, tidied, reason) => {
    const floor = await openBuildFloor();
    floor.script([write(CLUMSY), done(), write(tidied), done('Better.')]);
    const packet = await floor.build();
    expect(packet.cleanUp).toEqual({ kept: false, reason: expect.stringMatching(reason) });
    expect(await floor.fileAt(packet.headSha, CODE_PATH)).toBe(CLUMSY);
    expect(packet.commits.map(({ title }) => title)).not.toContain('Clean up after Greet by name');
    expect(floor.branchHead()).toBe(packet.headSha);
  });

  it('reaches only the files that the work touched, and no test', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([
      write(CLUMSY),
      done(),
      write('x\n', 'src/add.js'),
      write('x\n', TEST_PATH),
      write('x\n', 'src/new.js'),
      done('Nothing.'),
    ]);
    const packet = await floor.build();
    for (const result of resultsIn(calls.asked[5] ?? never())) expect(result).toMatch(/Not done/);
    expect(packet.cleanUp).toEqual({ kept: false, reason: 'There was nothing to clean up.' });
  });

  it('is not begun where coverage cannot be measured', async () => {
    const floor = await openBuildFloor({
      files: { ...FILES, 'factory.yaml': 'checks:\n  - name: npm test\n    run: test -f src/greet.js\n' },
    });
    const calls = floor.script([write(CLUMSY), done()]);
    expect((await floor.build()).cleanUp).toEqual({
      kept: false,
      reason: 'Coverage cannot be measured here, so nothing was cleaned up.',
    });
    expect(calls.asked).toHaveLength(2);
  });

  it('is not begun while the checks are red', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([write(RED), done()]);
    expect((await floor.build()).cleanUp).toBeNull();
    expect(calls.asked).toHaveLength(2);
  });

  it('that the model declines does not cost the work', async () => {
    const floor = await openBuildFloor();
    floor.script([write(CLUMSY), done(), says('No.', 'refused')]);
    const packet = await floor.build();
    expect(packet.cleanUp).toMatchObject({ kept: false, reason: expect.stringContaining('declined') });
    expect(floor.branchHead()).toBe(packet.headSha);
  });

  it.each([
    ['a used-up budget', new BudgetReached('Used up.', { scope: 'step', key: 'k' })],
    ['a busy model', new FactoryError('model-busy', 'Busy.', { fix: 'Wait.' })],
  ])('waits for %s, and nothing was pushed by then', async (_what, error) => {
    const floor = await openBuildFloor();
    floor.script([write(CLUMSY), done(), error]);
    await expect(floor.build()).rejects.toBe(error);
    expect(floor.branchHead()).toBe(floor.baseSha);
  });
});

function never(): never {
  throw new Error('the model was not asked so often');
}

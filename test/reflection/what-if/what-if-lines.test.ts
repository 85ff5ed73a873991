import { describe, expect, it } from 'vitest';
import type { ThoughtCompared, WhatIf } from '#src/reflection/what-if/what-if.ts';
import { whatIfLines } from '#src/reflection/what-if/what-if-lines.ts';

const spent = (answers: number, tokens: number, costMicroUsd = 0) => ({ answers, tokens, costMicroUsd });

const thought = (more: Partial<ThoughtCompared>): ThoughtCompared => ({
  ...{ persona: 'mason', attempt: 1, part: 'plan', go: 1, outcome: 'same', why: null, leftAt: null },
  ...{ differences: [], notRun: [], question: null, then: spent(1, 10), now: spent(1, 10) },
  ...more,
});

const whatIf = (thoughts: ThoughtCompared[], more: Partial<WhatIf> = {}): WhatIf => ({
  ...{ run: 'r1', taskId: 't1', task: 3, change: 'with lesson 2', canAsk: true, thoughts },
  asked: { calls: 0, tokens: 0, costMicroUsd: 0 },
  ...more,
});

describe('a what-if in lines', () => {
  it('says for each thought what would have differed, and what it cost', () => {
    const question = { gone: [], came: ['Lesson.'] };
    const found = whatIf(
      [
        thought({ persona: 'piper', part: 'scope', why: 'It would not be given this lesson.' }),
        thought({
          ...{ outcome: 'differs', leftAt: 2, question, then: spent(2, 1_234, 420), now: spent(3, 2_000, 12_345) },
          differences: [{ field: 'fileTargets', gone: ['edit a.ts'], came: ['edit b.ts'], changed: ['edit c.ts'] }],
        }),
        thought({
          ...{ persona: 'ollan', part: 'build', attempt: 2, outcome: 'not-compared', leftAt: 1, question },
          ...{
            why: 'It asked for 3 things that the run never asked for.',
            notRun: ['search x', 'search y', 'search z'],
          },
        }),
        thought({ persona: 'vera', part: 'lock', go: 2, leftAt: 1, question }),
      ],
      { asked: { calls: 5, tokens: 3_000, costMicroUsd: 12_345 } },
    );
    expect(whatIfLines(found)).toEqual([
      'Task 3, run r1,',
      'with lesson 2:',
      '',
      'scope · Piper: same',
      '  It would not be given this lesson.',
      'plan · Mason: differs',
      '  From answer 2 on it goes another way.',
      '  fileTargets:',
      '    - edit a.ts',
      '    + edit b.ts',
      '    ~ edit c.ts',
      '  then 2 answers, 1,234 tokens, 0.0004 USD',
      '  now  3 answers, 2,000 tokens, 0.0123 USD',
      'build, attempt 2 · Ollan: could not be compared',
      '  It asked for 3 things that the run never asked for.',
      '  From answer 1 on it goes another way.',
      '  Not run: search x; search y; search z',
      '  then 1 answer, 10 tokens',
      '  now  1 answer, 10 tokens',
      'lock, go 2 · Vera: same, by another way',
      '  From answer 1 on it goes another way.',
      '  then 1 answer, 10 tokens',
      '  now  1 answer, 10 tokens',
      '',
      '1 of 4 differs. 1 could not be compared.',
      '5 calls were made: 3,000 tokens, 0.0123 USD.',
      'Each keeps what it was handed in the run. Tools were not run: they gave what they gave then.',
    ]);
  });

  it('says that nothing differs where nothing does', () => {
    expect(whatIfLines(whatIf([thought({})])).slice(-2)).toEqual(['Nothing differs.', '0 calls were made.']);
  });

  it('shows the questions where there is nobody to ask, a bounded part of each', () => {
    const came = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const question = { gone: ['old'], came };
    const lines = whatIfLines(
      whatIf([thought({ outcome: 'not-asked', why: 'No model is set up.', question, then: null, now: null })], {
        canAsk: false,
      }),
    );
    expect(lines).toEqual(expect.arrayContaining(['    - old', '    + line 0', '    + line 7', '    + … and 12 more']));
    expect(lines.at(-1)).toBe('1 of 1 would be asked something else. No model is set up, so none was asked.');
  });
});

import { describe, expect, it } from 'vitest';
import { decidePolicy, rungOf } from '#src/review/policy.ts';
import type { PolicyQuestion } from '#src/review/policy.ts';

const asked = (more: Partial<PolicyQuestion>) =>
  decidePolicy({ action: 'begin', rung: 5, paths: ['README.md'], risk: 'low', touchesProtected: false, ...more })
    .answer;
const RUNGS = [1, 2, 3, 4, 5] as const;

describe('what may happen by itself', () => {
  // One letter a rung from 1 to 5: (a)utomatic, needs (p)erson.
  it.each([
    ['draft', ['README.md'], 'aaaaa'],
    ['describe', ['README.md'], 'paaaa'],
    ['begin', ['README.md', 'docs/a.md'], 'ppaaa'],
    ['begin', ['src/greet.ts', 'test/greet.test.ts'], 'pppaa'],
    ['begin', ['package.json', 'package-lock.json'], 'ppppa'],
    ['begin', ['README.md', 'src/auth/login.ts'], 'ppppp'],
    ['begin', ['db/migrations/1.sql'], 'ppppp'],
    ['begin', ['.github/workflows/ci.yml'], 'ppppp'],
    ['begin', ['Dockerfile'], 'ppppp'],
    ['begin', ['blob.xyz'], 'ppppp'],
    ['merge', ['README.md'], 'ppppp'],
  ])('%s of %j, by rung: %s (C03)', (action, paths, answers) => {
    expect(RUNGS.map((rung) => asked({ action, paths, rung })[0]?.replace('n', 'p')).join('')).toBe(answers);
  });

  it.each<[string, Partial<PolicyQuestion>]>([
    ['an action that nobody knows', { action: 'deploy' }],
    ['no rung', { rung: null }],
    ['a rung that is none', { rung: 6 }],
    ['half a rung', { rung: 4.5 }],
    ['no number', { rung: Number.NaN }],
    ['paths that are not known', { paths: null }],
    ['no paths', { paths: [] }],
    ['a path without a name', { paths: [''] }],
    ['a risk that is not judged', { risk: null }],
    ['a medium risk', { risk: 'medium' }],
    ['a high risk', { risk: 'high' }],
  ])('fails closed: %s needs a person (C03)', (_what, more) => {
    expect(asked({})).toBe('automatic');
    expect(asked(more)).toBe('needs-approval');
  });

  it.each(['draft', 'describe', 'begin', 'merge', 'deploy'])(
    'what is protected is forbidden on every rung: %s (C23)',
    (action) => {
      for (const rung of [...RUNGS, null]) expect(asked({ action, rung, touchesProtected: true })).toBe('forbidden');
    },
  );
});

it('a project that says nothing stands on the lowest rung (C03)', () => {
  expect(rungOf(null)).toBe(1);
  expect(rungOf(4)).toBe(4);
});

import { describe, expect, it } from 'vitest';
import { compareLocks } from '#src/review/dependencies/compare-locks.ts';
import { compareManifests } from '#src/review/dependencies/compare-manifests.ts';
import { kindOfPath } from '#src/review/path-kinds.ts';
import { judgeRisk } from '#src/review/risk.ts';
import type { RiskFacts } from '#src/review/risk.ts';
import { change, changed } from './change.ts';

const NO_NOTES = { pushed: 0, judges: 0, weakerTests: 0, licences: 0 };
const calm: RiskFacts = {
  diff: change('src/greet.js', 'test/greet.test.js'),
  dependencies: { manifests: compareManifests([]), locks: [], scan: { outcome: 'scanned', found: [] } },
  notes: NO_NOTES,
  wasChecked: true,
};
const manifest = (after: object) => ({
  ...calm.dependencies,
  manifests: compareManifests([{ path: 'package.json', before: '{}', after: JSON.stringify(after) }]),
});
const known = (severity: 'low' | 'high' | null) => ({
  ...manifest({ dependencies: { a: '1.0.0' } }),
  scan: {
    outcome: 'scanned' as const,
    found: [
      {
        package: { ecosystem: 'npm' as const, name: 'a', version: '1.0.0' },
        vulnerabilities: [{ id: 'X-1', severity }],
      },
    ],
  },
});
const lock = (after: string) => ({
  ...calm.dependencies,
  locks: compareLocks([{ path: 'yarn.lock', before: '', after }], []),
});

describe('how risky a change is', () => {
  it('is low where nothing speaks against it', () => {
    expect(judgeRisk(calm)).toEqual({ level: 'low', reasons: [] });
    expect(judgeRisk({ ...calm, diff: change('README.md', 'docs/a.md') }).level).toBe('low');
  });

  it.each<[string, Partial<RiskFacts>, RegExp]>([
    ['a workflow', { diff: change('.github/workflows/ci.yml') }, /touches a workflow/],
    ['sign-in', { diff: change('src/auth/login.ts') }, /sign-in, rights or money/],
    ['a migration', { diff: change('db/migrations/001.sql') }, /database/],
    ['a link', { diff: change(changed('x.js', { modeAfter: '120000' })) }, /link or a submodule/],
    ['a submodule', { diff: change(changed('x.js', { modeAfter: '160000' })) }, /link or a submodule/],
    ['many lines', { diff: change(changed('a.js', { added: 1501 })) }, /huge \(1502 lines in 1 file\)/],
    ['many files', { diff: change(...Array.from({ length: 61 }, (_, at) => `src/${at}.js`)) }, /huge .* 61 files/],
    ['what was pushed past the factory', { notes: { ...NO_NOTES, pushed: 1 } }, /would not take/],
    ['what judges it', { notes: { ...NO_NOTES, judges: 1 } }, /checked by/],
    ['weaker tests', { notes: { ...NO_NOTES, weakerTests: 1 } }, /weakens tests/],
    [
      'a dependency from elsewhere',
      { dependencies: manifest({ dependencies: { a: 'github:x/y' } }) },
      /takes 1 dependency/,
    ],
    ['an install script', { dependencies: manifest({ scripts: { postinstall: 'x' } }) }, /runs on an install/],
    [
      'a lock file with another host',
      { dependencies: lock('a@1:\n  version "1"\n  resolved "https://evil.example/a"\n') },
      /unusual way/,
    ],
    ['a known weakness', { dependencies: known('high') }, /known to be vulnerable/],
  ])('is high for %s (C09)', (_what, facts, reason) => {
    const risk = judgeRisk({ ...calm, ...facts });
    expect(risk.level).toBe('high');
    expect(risk.reasons.join('; ')).toMatch(reason);
  });

  it.each<[string, Partial<RiskFacts>, RegExp]>([
    ['no checks', { wasChecked: false }, /checked by nothing/],
    [
      'a new dependency',
      { dependencies: manifest({ dependencies: { a: '1.0.0', b: '1.0.0' } }) },
      /brings 2 new dependencies/,
    ],
    ['a lock file', { dependencies: lock('a@1:\n  version "1"\n') }, /other versions/],
    ['a manifest that is not read', { diff: change('pom.xml') }, /name dependencies/],
    ['a mild weakness', { dependencies: known('low') }, /known weakness/],
    ['a weakness of unknown severity', { dependencies: known(null) }, /known weakness/],
    ['a Makefile', { diff: change('Makefile') }, /built or run/],
    ['a licence', { notes: { ...NO_NOTES, licences: 1 } }, /licences/],
    ['a program', { diff: change(changed('a.js', { modeAfter: '100755' })) }, /programs/],
    ['a binary', { diff: change(changed('a.js', { binary: true })) }, /cannot show/],
    ['a file of an unknown kind', { diff: change('data/model.xyz') }, /unknown kind/],
    ['some hundred lines', { diff: change(changed('a.js', { added: 400 })) }, /large \(401 lines/],
  ])('is medium for %s (C09)', (_what, facts, reason) => {
    const risk = judgeRisk({ ...calm, ...facts });
    expect(risk.level).toBe('medium');
    expect(risk.reasons.join('; ')).toMatch(reason);
  });

  it('does not count the lines of lock files', () => {
    const dependencies = lock('a@1:\n  version "1"\n');
    const diff = change(changed('yarn.lock', { added: 9000 }));
    expect(judgeRisk({ ...calm, diff, dependencies }).reasons).toEqual(['brings other versions of dependencies']);
  });
});

it.each([
  ['README.md', 'words'],
  ['src/locales/de.json', 'words'],
  ['src/greet.ts', 'code'],
  ['src/greet.test.ts', 'test'],
  ['package.json', 'dependencies'],
  ['poetry.lock', 'dependencies'],
  ['src/auth.ts', 'access'],
  ['src/billing/invoice.py', 'access'],
  ['src/author.ts', 'code'],
  ['prisma/schema.prisma', 'database'],
  ['test/migrations/1.sql', 'database'],
  ['.github/workflows/docs.md', 'power'],
  ['AGENTS.md', 'power'],
  ['Dockerfile', 'power'],
  ['weights.bin', 'unknown'],
  ['', 'unknown'],
])('%s is %s', (path, kind) => {
  expect(kindOfPath(path)).toBe(kind);
});

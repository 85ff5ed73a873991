import { describe, expect, it } from 'vitest';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { noteJudges } from '#src/review/judges.ts';
import { lookAt } from '#src/review/look-at.ts';
import { readDiffLines } from '#src/review/diff-lines.ts';
import { noteSkippedTests } from '#src/review/skipped-tests.ts';

type File = DiffFacts['files'][number];
const file = (path: string, status: File['status'] = 'modified'): File => ({
  path,
  status,
  added: 1,
  removed: 1,
  binary: false,
  modeBefore: '100644',
  modeAfter: '100644',
});
const facts = (...files: File[]): DiffFacts => ({
  baseSha: 'b',
  mergeBaseSha: 'b',
  headSha: 'h',
  diffHash: 'd',
  files,
});
const scripts = (of: object) => JSON.stringify({ scripts: of });

describe('a change of what judges it', () => {
  it.each([
    ['runs nothing', scripts({ test: 'true' }), 'the script "test" was `node --test` and is `true` now.'],
    ['takes the script away', scripts({}), 'the script "test" was `node --test` and is gone.'],
    ['is no JSON any more', '{', 'the script "test" was `node --test` and is gone.'],
    ['is gone', null, 'the script "test" was `node --test` and is gone.'],
    [
      'runs something before it',
      scripts({ test: 'node --test', pretest: 'node rig.js' }),
      'the new script "pretest" runs `node rig.js` by itself.',
    ],
    [
      'runs something after it',
      scripts({ test: 'node --test', posttest: 'exit 0' }),
      'the new script "posttest" runs `exit 0` by itself.',
    ],
  ])('is told: package.json %s (A28)', (_what, after, note) => {
    const packageJson = { before: scripts({ test: 'node --test' }), after };
    expect(noteJudges({ packageJson, commands: ['npm test'] }, facts(file('package.json')))).toEqual([
      `package.json: ${note}`,
    ]);
  });

  it('is told of files that the checks run, however they are spelled (A28)', () => {
    const packageJson = { before: scripts({ test: 'node ./tools/check-all.mjs --all' }), after: null };
    const judges = {
      packageJson: { ...packageJson, after: packageJson.before },
      commands: ['sh "ci/run.sh"', 'test:\n\tbin/verify'],
    };
    const files = facts(
      file('tools/check-all.mjs'),
      file('ci/run.sh', 'deleted'),
      file('bin/verify'),
      file('src/a.js'),
    );
    expect(noteJudges(judges, files)).toEqual([
      'tools/check-all.mjs: the checks run it, and it is changed.',
      'ci/run.sh: the checks run it, and it is deleted.',
      'bin/verify: the checks run it, and it is changed.',
    ]);
  });

  it('is silent where nothing of the kind changes, and never long', () => {
    const same = scripts({ test: 'node --test', lint: 'x' });
    const added = scripts({ test: 'node --test', lint: 'x', prepare: 'y', build: 'z' });
    expect(noteJudges({ packageJson: { before: same, after: added }, commands: [] }, facts(file('src/a.js')))).toEqual(
      [],
    );
    const many = scripts(Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`s${index}`, 'x'.repeat(999)])));
    const notes = noteJudges({ packageJson: { before: many, after: null }, commands: [] }, facts());
    expect(notes).toHaveLength(7);
    expect(notes.join('').length).toBeLessThan(2_000);
  });
});

describe('a file by which a change could judge itself', () => {
  it.each([
    'vitest.config.ts',
    'packages/a/jest.config.cjs',
    '.mocharc.json',
    'src/setup-tests.ts',
    'vitest.setup.ts',
    'pytest.ini',
    'setup.cfg',
    'conftest.py',
    'tsconfig.json',
    'tsconfig.build.json',
    '.env.test',
    'GNUmakefile',
    'makefile',
    'rules.mk',
    'pytest.py',
    'pytest/__main__.py',
    'sitecustomize.py',
    'node_modules/vitest/index.js',
  ])('stands on the card, also when it is new: %s (A28, C09)', (path) => {
    const said = lookAt(facts(file(path, 'added'), file('src/a.js', 'added')), () => false);
    expect(said).toEqual([expect.stringMatching(/runs commands|decides how tests are run|take the place/)]);
  });

  it.each(['src/__snapshots__/a.test.ts.snap', 'parser/testdata/out.txt', 'spec.golden'])(
    'that holds what tests expect stands on the card when it is changed: %s (A28)',
    (path) => {
      expect(lookAt(facts(file(path)), () => false)).toEqual([`${path}: holds what tests expect, and is changed.`]);
    },
  );

  it.each(['src/testing.ts', 'src/environment.ts', 'src/config.ts', 'docs/setup.md', 'src/vendors.js'])(
    'is told from one that only sounds so: %s',
    (path) => {
      expect(lookAt(facts(file(path)), () => false)).toEqual([`${path}: the largest change.`]);
    },
  );
});

describe('a test that is set aside in another way', () => {
  const diff = (line: string) => `--- a/t.test.js\n+++ b/t.test.js\n@@ -1 +1 @@\n+${line}\n`;

  it.each([
    "it.skipIf(true)('adds')",
    "test.runIf(false)('adds')",
    "it.concurrent.skip('adds')",
    "describe['skip']('all')",
    "it['only']('one')",
    "test('a', { only: true }, () => {})",
    "test('a', { 'skip': true }, () => {})",
    "test('a', (t) => t.skip())",
    'this.skip();',
    "it.failing('adds')",
    "it.fails('adds')",
    "raise unittest.SkipTest('x')",
    "self.skipTest('x')",
    '@unittest.expectedFailure',
    'pytestmark = pytest.mark.skip',
    "collect_ignore = ['test_a.py']",
  ])('is told: %s (A28)', (line) => {
    expect(noteSkippedTests(readDiffLines(diff(line)))).toHaveLength(1);
  });

  it.each(["todo: 'buy milk'", 'const skipped = items.filter(isOnly);', 'list.skip(3)', 'only: isMine'])(
    'is told from other code: %s',
    (line) => {
      expect(noteSkippedTests(readDiffLines(diff(line)))).toEqual([]);
    },
  );
});

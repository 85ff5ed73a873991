import { describe, expect, it } from 'vitest';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { lookAt, noteTouchedTests } from '#src/review/look-at.ts';
import { checksSentence, writePullRequestBody } from '#src/review/pull-request-body.ts';
import { brief } from '#test/code-factory/floor.ts';
import { BASE, DIFF, HEAD } from '#test/code-factory/life.ts';

type File = DiffFacts['files'][number];
const file = (path: string, rest: Partial<File> = {}): File => ({
  path,
  status: 'modified',
  added: 1,
  removed: 0,
  binary: false,
  modeBefore: '100644',
  modeAfter: '100644',
  ...rest,
});
const diff = (...files: File[]): DiffFacts => ({
  baseSha: BASE,
  mergeBaseSha: BASE,
  headSha: HEAD,
  diffHash: DIFF,
  files,
});
const look = (...files: File[]) => lookAt(diff(...files), (path) => path.startsWith('test/')).join('\n');

const qa: QaResultPacket = {
  version: 1,
  type: 'qa-result',
  taskId: 'task',
  runId: 'run',
  attempt: 1,
  from: 'vera',
  to: 'tess',
  headSha: HEAD,
  outcome: 'passed',
  proofs: [],
  findings: [],
  knownBefore: [],
  checks: [{ name: 'npm test', command: 'npm test', exitCode: 0, durationMs: 1500, passed: 3, failed: 0 }],
  remarks: [],
  modelNotes: [],
  reportArtifact: 'report',
};

describe('what to look at first', () => {
  it.each([
    { what: 'a test that goes away', given: file('test/a.test.js', { status: 'deleted' }), says: 'a test is deleted' },
    { what: 'a test that loses lines', given: file('test/a.test.js', { added: 1, removed: 5 }), says: 'loses lines' },
    { what: 'a binary file', given: file('logo.png', { binary: true }), says: 'binary' },
    { what: 'a file that goes away', given: file('src/a.js', { status: 'deleted' }), says: 'deleted' },
    { what: 'dependencies', given: file('package.json'), says: 'names dependencies' },
    { what: 'a lock file', given: file('web/package-lock.json'), says: 'pins dependencies' },
    { what: 'sign-in', given: file('src/session-store.js'), says: 'sign-in' },
    { what: 'a migration', given: file('db/migrations/1.js'), says: 'database' },
    { what: 'a script', given: file('Makefile'), says: 'runs commands' },
    { what: 'a large change', given: file('src/a.js', { added: 150, removed: 60 }), says: '210 lines' },
  ])('names $what (C09, A28)', ({ given, says }) => {
    const said = look(given, file('src/other.js'));
    expect(said).toContain(given.path);
    expect(said).toContain(says);
  });

  it('is the largest change where nothing stands out, and nothing where only tests grew', () => {
    expect(look(file('src/a.js'), file('src/b.js', { added: 9 }))).toBe('src/b.js: the largest change.');
    expect(look(file('test/a.test.js'))).toBe('');
  });
});

describe('what ran, in a sentence', () => {
  it('names checks and counts, and failures that were there before', () => {
    expect(checksSentence(qa)).toBe('Checks passed: npm test (3 passed).');
    expect(checksSentence({ ...qa, knownBefore: [{ check: 'npm test', test: 'old' }] })).toContain(
      '1 failed before this change already',
    );
    expect(checksSentence({ ...qa, outcome: 'failed' })).toContain('failed');
  });

  it('never calls it passed where nothing was run', () => {
    expect(checksSentence({ ...qa, outcome: 'no-checks', checks: [] })).not.toMatch(/passed/);
  });
});

describe('tests that a change touches and is judged by', () => {
  it('are told of each, in words that say what happened to them (A28)', () => {
    const facts = diff(
      file('test/a.test.js'),
      file('test/b.test.js', { status: 'deleted' }),
      file('test/c.test.js', { status: 'added' }),
    );
    const touched = ['test/a.test.js', 'test/b.test.js', 'test/c.test.js', 'test/d.test.js'];
    expect(noteTouchedTests(facts, touched)).toEqual([
      'test/a.test.js: an existing test is changed.',
      'test/b.test.js: an existing test is deleted.',
      'test/c.test.js: a locked test was written to; see whether it says what was locked.',
      'test/d.test.js: a locked test is not on the branch as it was locked.',
    ]);
    const isTest = (path: string) => path.startsWith('test/');
    expect(lookAt(facts, isTest)).toContain('test/b.test.js: a test is deleted.');
    expect(lookAt(facts, isTest, new Set(touched)).join('\n')).not.toContain('deleted');
  });
});

describe('the body of a pull request', () => {
  const facts = {
    brief: brief('Greet'),
    qa,
    diff: diff(file('src/greet.js')),
    lookAt: [],
    risk: { level: 'high' as const, reasons: ['touches a workflow', 'weakens tests'] },
    lockNotes: ['No tests came.'],
    build: null,
    requester: 'ada',
  };

  it('says how risky it is before what to look at (C09)', () => {
    expect(writePullRequestBody(facts)).toContain(
      '## Look at first\nRisk: high. This change touches a workflow and weakens tests.\n',
    );
    expect(writePullRequestBody({ ...facts, risk: { level: 'low', reasons: [] } })).toContain('\nRisk: low.\n');
  });

  it('names as many files as anybody reads, and counts the others', () => {
    const many = Array.from({ length: 3_000 }, (_, number) => file(`src/${number}.js`));
    const body = writePullRequestBody({ ...facts, diff: diff(...many) });
    expect(body).toContain('`src/99.js`');
    expect(body).not.toContain('`src/100.js`');
    expect(body).toContain('\nAnd 2900 more files.\n');
  });

  it('calls a criterion that no test names unproven', () => {
    expect(writePullRequestBody(facts)).toContain('○ unproven: It greets by name.');
    const proofs = [{ criterionId: 'c1', state: 'proven' as const, test: 'greets by name' }];
    expect(writePullRequestBody({ ...facts, qa: { ...qa, proofs } })).toContain(
      '✓ proven: It greets by name. (greets by name)',
    );
  });

  it("says which model wrote it, in the model's own words marked so, and who worked on it by hand", () => {
    const build = { summary: 'Greets by name.', model: 'gpt-x', handedBackBy: 'Ada' };
    const body = writePullRequestBody({ ...facts, build });
    expect(body).toContain('Ada worked on this branch by hand.');
    expect(body).toContain('Ollan wrote with the model gpt-x, which says: "Greets by name."');
    const plain = writePullRequestBody({ ...facts, build: { summary: null, model: null, handedBackBy: null } });
    expect(plain).toBe(writePullRequestBody(facts));
  });

  it('says who committed it, what ran, what changed, what was avoided and what it is bound to', () => {
    const body = writePullRequestBody({
      ...facts,
      brief: {
        ...facts.brief,
        changeSet: { ...facts.brief.changeSet, leftOut: [{ path: 'src/b.js', position: 1, reason: 'Turned down.' }] },
      },
    });
    for (const part of [
      'Committed by ada',
      '`npm test` ended with 0',
      '`src/greet.js` modified (+1 −0)',
      '`src/b.js`: Turned down.',
      HEAD,
      'No tests came.',
    ]) {
      expect(body).toContain(part);
    }
  });
});

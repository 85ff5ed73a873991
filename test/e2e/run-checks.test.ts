import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitIn, workingClone } from '#test/support/repository.ts';
import type { TestRepository } from '#test/support/repository.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from './support/runs.ts';
import { block, chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import type { Turn } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

// The sandbox shows /usr and nothing of anybody's home, so this is the Python that counts.
const hasPytest = succeeds('/usr/bin/python3', '-m', 'pytest', '--version');
const hasMake = existsSync('/usr/bin/make');

describe("run, by the repository's own checks", { timeout: 2 * E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let one: string;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
    one = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
  });
  afterAll(() => workbench.remove());

  const talk = (name: string, turns: readonly Turn[]) =>
    writeExport(workbench.folder, `${name}.json`, chatgptConversation(name, turns));

  it('proves a criterion by the test of npm that names it', async () => {
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, one, repository.path);
    expect(result.exitCode).toBe(0);
    const body = pullRequestBody(workbench, repository, result.tasks[0]?.id ?? '');
    expect(body).toMatch(/✓ proven: .*double\(4\)/);
    expect(body).toMatch(/Checks passed: .*npm test/);
  });

  it.skipIf(!hasMake)(`runs make test${hasMake ? '' : ' (skipped: no make in /usr/bin)'}`, async () => {
    const repository = workingClone({
      Makefile: 'test:\n\ttest -f src/one.js\n',
      'src/one.js': 'export const one = 1;\n',
    });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(pullRequestBody(workbench, repository, result.tasks[0]?.id ?? '')).toMatch(/Checks passed: .*make test/);
  });

  it.skipIf(!hasPytest)(
    `runs pytest${hasPytest ? '' : ' (skipped: the Python of this system has no pytest)'}`,
    async () => {
      const repository = workingClone({
        'pytest.ini': '[pytest]\n',
        'test_one.py': 'def test_one():\n    assert 1 == 1\n',
      });
      const result = await runFile(workbench, one, repository.path);
      expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
      expect(pullRequestBody(workbench, repository, result.tasks[0]?.id ?? '')).toMatch(/Checks passed: .*pytest/);
    },
  );

  it('calls nothing passed where there are no checks, and still lets a person decide', async () => {
    const repository = workingClone({ 'README.md': '# Numbers\n' });
    const code: Turn[] = [
      ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
      ['assistant', block('src/double.js', 'export const double = (n) => 2 * n;')],
      ['user', 'Perfect, that is what we need.'],
    ];
    const file = talk('bare', code);
    const waiting = await runFile(workbench, file, repository.path, []);
    expect(waiting).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'in-review', pullRequest: 1, mergedSha: null, waitingFor: { kind: 'approval', who: 'local' } }],
    });
    const body = pullRequestBody(workbench, repository, waiting.tasks[0]?.id ?? '');
    expect(body).toContain('This repository has no checks, so nothing was run.');
    expect(body).toContain('○ unproven');
    expect(body).not.toMatch(/passed|proven by|✓/);
    expect(await runFile(workbench, file, repository.path)).toMatchObject({
      exitCode: 0,
      tasks: [{ state: 'merged' }],
    });
  });

  it('runs the checks that factory.yaml names', async () => {
    const repository = workingClone({
      ...nodeProject,
      'factory.yaml': 'checks:\n  - name: shape\n    run: test -f src/one.js\n',
    });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(pullRequestBody(workbench, repository, result.tasks[0]?.id ?? '')).toMatch(/Checks passed: shape/);
  });

  it('says where factory.yaml is wrong', async () => {
    const repository = workingClone({ ...nodeProject, 'factory.yaml': 'checks:\n  - name: shape\n    run: 7\n' });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'blocked', waitingFor: { kind: 'blocked', who: 'local' } }],
    });
    expect(result.tasks[0]?.waitingFor?.text).toMatch(/factory\.yaml.*3:10/s);
    // Putting it right is enough: the same command goes on.
    expect(subjects(repository.git)).toEqual(['first']);
  });

  it('does not touch what the repository protects', async () => {
    const repository = workingClone({ ...nodeProject, 'factory.yaml': 'protected:\n  - src/double.js\n' });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked', pullRequest: null }] });
    expect(result.tasks[0]?.waitingFor?.text).toMatch(/src\/double\.js/);
    expect(result.tasks[0]?.waitingFor?.text).toMatch(/protected/);
    expect(subjects(repository.git)).toEqual(['first']);
  });

  it('shows apart what failed on the base already', async () => {
    const repository = workingClone({
      ...nodeProject,
      'test/old.test.js':
        "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n\ntest('an old grief', () => {\n  assert.equal(1, 2);\n});\n",
    });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', attempts: 1 }] });
    const body = pullRequestBody(workbench, repository, result.tasks[0]?.id ?? '');
    expect(body).toMatch(/1 failed before this change already, and still do|1 failed before this change already/);
    expect(body).toMatch(/fails on the base already/);
  });

  const breaking = (name: string, test: string) =>
    talk(name, [
      ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
      [
        'assistant',
        `${block('src/double.js', 'export const double = (n) => 3 * n;')}\n\n${block('test/double.test.js', test)}`,
      ],
      ['user', 'Perfect, that is what we need.'],
    ]);

  it('asks a person at once about code that leaves a test red, and shows the finding', async () => {
    const repository = workingClone(nodeProject);
    const file = breaking(
      'red',
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { double } from '../src/double.js';\n\ntest('double(4) returns 8', () => {\n  assert.equal(double(4), 8);\n});",
    );
    const result = await runFile(workbench, file, repository.path);
    expect(result).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'blocked', attempts: 1, pullRequest: null, waitingFor: { kind: 'blocked', who: 'local' } }],
    });
    expect(result.tasks[0]?.waitingFor?.text).toContain('double(4) returns 8');
    expect(subjects(repository.git)).toEqual(['first']);
    await expectSound(workbench);
  });

  it.each([
    [
      'hang',
      "import { test } from 'node:test';\n\ntest('it hangs', () => new Promise(() => setInterval(() => {}, 1000)));",
    ],
    ['flood', "const line = 'x'.repeat(65536);\nfor (;;) process.stdout.write(line);"],
    [
      'fork',
      "import { spawn } from 'node:child_process';\n\nfor (;;) {\n  try {\n    spawn('sleep', ['600']).on('error', () => {});\n  } catch {}\n}",
    ],
  ])('ends checks that %s, and says so', async (name, test) => {
    const repository = workingClone({
      ...nodeProject,
      'factory.yaml': 'checks:\n  - name: tests\n    run: node --test\n    timeoutSeconds: 5\n',
    });
    const result = await runFile(workbench, breaking(name, test), repository.path);
    expect(result).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'blocked', attempts: 1, waitingFor: { kind: 'blocked' } }],
    });
    expect(result.tasks[0]?.waitingFor?.text).toMatch(
      /"node --test" (did not end in its time|started more processes than it may|used more memory than it may)/,
    );
    expect(readdirSync(path.join(workbench.dataDir, 'workspaces')).filter((entry) => entry.startsWith('ws-'))).toEqual(
      [],
    );
  });
});

/** The body of a task's pull request, as the local forge keeps it. */
function pullRequestBody(workbench: TestWorkbench, repository: TestRepository, taskId: string): string {
  const mirrors = path.join(workbench.dataDir, 'mirrors');
  for (const name of readdirSync(mirrors)) {
    const git = (...words: string[]) => gitIn(path.join(mirrors, name), ...words);
    for (const ref of git('for-each-ref', '--format=%(refname)', 'refs/factory/pulls')
      .split('\n')
      .filter((line) => line !== '')) {
      const record = JSON.parse(git('cat-file', 'blob', ref)) as { taskId: string; body: string };
      if (record.taskId === taskId) return record.body;
    }
  }
  throw new Error(`no pull request of ${taskId} for ${repository.path}`);
}

function succeeds(program: string, ...words: string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

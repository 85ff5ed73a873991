import { describe, expect, it } from 'vitest';
import { asksFor, resultsIn, says } from '../thinking/scripted-calls.ts';
import {
  BRANCH,
  CODE_PATH,
  done,
  FILES,
  GREET,
  LOCKED,
  openBuildFloor,
  TEST_PATH,
  testOf,
  thoughtsOf,
  write,
} from './build-floor.ts';

const check = asksFor(['run_check', { name: 'npm test' }]);
/** The clean-up pass that follows green checks. */
const nothingToTidy = done('Nothing to clean up.');

describe('code by a model', () => {
  it('stands on the locked tests, is pushed, and says who wrote it', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([
      write(GREET),
      check,
      done('Greets by name.', ['Names are not trimmed.']),
      nothingToTidy,
    ]);
    const packet = await floor.build();
    expect(resultsIn(calls.asked[2] ?? never())[1]).toContain('exit code 0');
    expect(packet).toMatchObject({ summary: 'Greets by name.', model: 'scripted', outsidePlan: [], testsTouched: [] });
    expect(packet.commits).toHaveLength(2);
    expect(floor.branchHead()).toBe(packet.headSha);
    expect(floor.clone.git('log', '-1', '--format=%an%n%aI%n%P%n%B', BRANCH)).toBe(
      `Ollan (Factory Workbench)\n2026-11-20T10:00:00+00:00\n${floor.testsSha}\nGreet by name\n\nGreets by name.\n\nWritten with scripted; asked for in the conversation "A greeting".\n\n`,
    );
    expect(packet.packArtifact).toBe(floor.last.artifacts.find(({ kind }) => kind === 'context-pack')?.hash);
    expect(thoughtsOf(floor)).toContain(
      "## In the model's own words\n> Greets by name.\n>\n> - Names are not trimmed.",
    );
  });

  it('comes out of the record after a crash as the same commit, and nothing is asked twice', async () => {
    const floor = await openBuildFloor();
    const first = floor.script([write(GREET), check, done(), nothingToTidy]);
    const { headSha } = await floor.build();
    floor.clone.git('update-ref', `refs/heads/${BRANCH}`, floor.baseSha);
    const again = floor.script([], first.record);
    expect((await floor.build()).headSha).toBe(headSha);
    expect(again.asked).toEqual([]);
  });

  it('that is claimed and was not written is asked for once more, and then a person is asked (C14)', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([done(), done()]);
    await expect(floor.build()).rejects.toMatchObject({ code: 'nothing-changed' });
    expect(JSON.stringify(calls.asked[1]?.messages.at(-1))).toContain('Nothing was changed');
    expect(floor.branchHead()).toBe(floor.baseSha);
  });

  it('that was written as it stood is no change either', async () => {
    const floor = await openBuildFloor();
    const same = write(FILES['src/add.js'], 'src/add.js');
    floor.script([same, done(), done()]);
    await expect(floor.build()).rejects.toMatchObject({ code: 'nothing-changed' });
  });

  it('ends with the reason when it cannot be done as asked, and pushes nothing', async () => {
    const floor = await openBuildFloor();
    const blocker = { reason: 'There is no list of names.', fix: 'Say where names are kept.' };
    floor.script([write(GREET), says({ summary: '', blocker, notes: [] })]);
    await expect(floor.build()).rejects.toMatchObject({
      code: 'ollan-blocked',
      message: blocker.reason,
      fix: blocker.fix,
    });
    expect(floor.branchHead()).toBe(floor.baseSha);
  });

  it('by a tool or in a file that does not exist is told so, and the work goes on', async () => {
    const floor = await openBuildFloor();
    const calls = floor.script([
      asksFor(['read_file', { path: 'src/nowhere.js', fromLine: null, toLine: null }], ['apply_patch', { patch: 'x' }]),
      write(GREET),
      done(),
      nothingToTidy,
    ]);
    await floor.build();
    const [missing, unknown] = resultsIn(calls.asked[1] ?? never());
    expect(missing).toMatch(/Not done|nowhere/);
    expect(unknown).toContain('You may not use "apply_patch"');
  });

  it('outside the plan is allowed and flagged', async () => {
    const floor = await openBuildFloor();
    floor.script([write(GREET), write('export const sub = (a, b) => a - b;\n', 'src/sub.js'), done(), nothingToTidy]);
    expect((await floor.build()).outsidePlan).toEqual(['src/sub.js']);
  });

  it('that .gitignore covers is left out, and it is said', async () => {
    const floor = await openBuildFloor({ files: { ...FILES, '.gitignore': 'dist/\n' } });
    floor.script([write(GREET), write('built\n', 'dist/out.js'), done(), nothingToTidy]);
    const packet = await floor.build();
    expect(packet.leftOut).toEqual([{ path: 'dist/out.js', reason: '.gitignore keeps it out of the repository.' }]);
    expect(await floor.fileAt(packet.headSha, 'dist/out.js')).toBeNull();
  });

  it('without a model and without code in the conversation is not there', async () => {
    const floor = await openBuildFloor();
    await expect(floor.build()).rejects.toMatchObject({
      code: 'no-code',
      fix: expect.stringContaining('Paste the code'),
    });
  });
});

describe('tests', () => {
  it('that are locked cannot be written to (A23)', async () => {
    const floor = await openBuildFloor();
    const easy = testOf("test('c1 it greets by name', () => {});");
    const calls = floor.script([
      write(easy, TEST_PATH),
      write(easy, `./src/../${TEST_PATH.toUpperCase()}`),
      asksFor(['delete_file', { path: TEST_PATH }]),
      write(GREET),
      done(),
      nothingToTidy,
    ]);
    const packet = await floor.build();
    for (const result of resultsIn(calls.asked[3] ?? never())) expect(result).toMatch(/Not done/);
    expect(await floor.fileAt(packet.headSha, TEST_PATH)).toBe(LOCKED);
    expect(packet.testsTouched).toEqual([]);
  });

  it('that are locked and that a check rewrites stay on the branch as they were, and it is said', async () => {
    const script = `node --test; echo 'weak' > ${TEST_PATH}; git add -A; git -c user.name=x -c user.email=x@x commit -qm sneaky; true`;
    const files = { ...FILES, 'package.json': JSON.stringify({ type: 'module', scripts: { test: script } }) };
    const floor = await openBuildFloor({ files });
    floor.script([write(GREET), check, done(), nothingToTidy]);
    const packet = await floor.build();
    expect(await floor.fileAt(packet.headSha, TEST_PATH)).toBe(LOCKED);
    expect(packet.testsTouched).toEqual([TEST_PATH]);
    expect(packet.commits.map(({ title }) => title)).not.toContain('sneaky');
    expect(thoughtsOf(floor)).toContain('A check wrote to the locked test');
  });

  it('of the base that the change edits or deletes are flagged (A28)', async () => {
    const floor = await openBuildFloor({
      files: { ...FILES, 'test/old.test.js': "import test from 'node:test';\ntest('old', () => {});\n" },
    });
    floor.script([
      write(GREET),
      write("import test from 'node:test';\ntest('adds', () => {});\n", 'test/add.test.js'),
      asksFor(['delete_file', { path: 'test/old.test.js' }]),
      done(),
      nothingToTidy,
    ]);
    const packet = await floor.build();
    expect(packet.testsTouched).toEqual(['test/add.test.js', 'test/old.test.js']);
    expect(await floor.fileAt(packet.headSha, 'test/old.test.js')).toBeNull();
  });
});

describe('what a check leaves in the tree', () => {
  it.each([
    ['installed packages', 'mkdir -p node_modules/x && echo 1 > node_modules/x/index.js'],
    ['300 files', 'mkdir -p out && for i in $(seq 300); do echo $i > out/$i.txt; done'],
    ['a change of other code', 'echo "// hit" >> src/add.js'],
  ])('is no part of the change: %s', async (_what, script) => {
    const files = {
      ...FILES,
      'factory.yaml': `checks:\n  - name: npm test\n    run: ${JSON.stringify(`${script}; node --test`)}\n`,
    };
    const floor = await openBuildFloor({ files });
    floor.script([write(GREET), check, done(), nothingToTidy]);
    const packet = await floor.build();
    expect(packet.files.map(({ path }) => path)).toEqual([CODE_PATH, TEST_PATH]);
  });
});

describe('files that decide how the work is judged', () => {
  it.each(['factory.yaml', '.github/workflows/ci.yml', '.git/config', 'Factory.YAML'])(
    'cannot be written: %s',
    async (path) => {
      const floor = await openBuildFloor();
      const calls = floor.script([write('x\n', path), write(GREET), done(), nothingToTidy]);
      const packet = await floor.build();
      expect(resultsIn(calls.asked[1] ?? never())[0]).toMatch(/Not done/);
      expect(packet.files.map((file) => file.path)).toEqual([CODE_PATH, TEST_PATH]);
    },
  );
});

function never(): never {
  throw new Error('the model was not asked so often');
}

import { describe, expect, it } from 'vitest';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { asksFor } from '../thinking/scripted-calls.ts';
import { briefOf, floorHeader } from '../one-step.ts';
import {
  BRANCH,
  CODE_PATH,
  done,
  FILES,
  GREET,
  LOCKED,
  openBuildFloor,
  record,
  TEST_PATH,
  write,
} from './build-floor.ts';
import type { BuildFloor } from './build-floor.ts';

const WRONG = 'export const greet = () => "Hi";\n';
const mend = asksFor(['edit_file', { path: CODE_PATH, old: '"Hi"', new: '"Hello, Ada"' }]);
const nothingToTidy = done('Nothing to clean up.');

const codeOf = (content: string, more: object = {}) => ({
  key: 'change',
  requestPosition: 0,
  acceptance: 'accepted' as const,
  acceptedBy: null,
  edits: [
    { path: CODE_PATH, kind: 'file' as const, content, position: 1, isTest: false, ...more },
    { path: TEST_PATH, kind: 'file' as const, content: LOCKED, position: 1, isTest: true },
  ],
  leftOut: [],
});
const withCode = (content: string) => openBuildFloor({ brief: briefOf({ changeSet: codeOf(content) }) });
const parentOf = (floor: BuildFloor, sha: string) => floor.clone.git('rev-parse', `${sha}^`).trim();

describe('another attempt', () => {
  it('goes on from the work before it, with what its checks found', async () => {
    const floor = await openBuildFloor();
    floor.script([write(WRONG), done()]);
    const first = await floor.buildAndFail('"c1 it greets by name" fails.', 'expected Hello, got <b>Hi</b>');
    const calls = floor.script([mend, done('Says hello.'), nothingToTidy]);
    const second = await floor.build();
    expect(parentOf(floor, second.headSha)).toBe(first.headSha);
    expect(floor.branchHead()).toBe(second.headSha);
    const asked = JSON.stringify(calls.asked[0]?.messages);
    expect(asked).toContain('c1 it greets by name');
    expect(asked).toContain('expected Hello, got');
  });

  it('takes up what a person said since the last one, and is not made again when nobody said anything', async () => {
    const floor = await openBuildFloor();
    floor.script([write(GREET), done(), nothingToTidy]);
    const first = await floor.buildAndFail('red');
    Object.assign(floor.task.artifacts, { qa: null });
    floor.task.attempt = 1;
    const silent = floor.script([]);
    expect((await floor.build()).headSha).toBe(first.headSha);
    expect(silent.asked).toEqual([]);
    const words = { steeringId: 's1', by: 'Ada', at: '2026-11-20T10:00:00.000Z', artifact: 'a', heard: false };
    Object.assign(floor.task, { steering: [words] });
    const calls = floor.script([write(`${GREET}// as Ada said\n`), done(), nothingToTidy]);
    expect((await floor.build()).headSha).not.toBe(first.headSha);
    expect(calls.asked.length).toBeGreaterThan(0);
  });

  it('starts from the locked tests when they were locked anew', async () => {
    const floor = await openBuildFloor();
    floor.script([write(WRONG), done()]);
    await floor.buildAndFail('red');
    const testsSha = await floor.lock(`// stricter\n${LOCKED}`);
    floor.script([write(GREET), done(), nothingToTidy]);
    const second = await floor.build();
    expect(parentOf(floor, second.headSha)).toBe(testsSha);
    expect(floor.branchHead()).toBe(second.headSha);
  });

  it('does not build past what somebody pushed meanwhile, and spends nothing on it', async () => {
    const floor = await openBuildFloor();
    floor.script([write(WRONG), done()]);
    await floor.buildAndFail('red');
    floor.task.headSha = 'f'.repeat(40);
    const calls = floor.script([mend, done()]);
    await expect(floor.build()).rejects.toMatchObject({ code: 'branch-moved' });
    expect(calls.asked).toEqual([]);
  });
});

describe("the conversation's code", () => {
  it('is brought in as it stands at first, and no model is asked', async () => {
    const floor = await withCode(GREET);
    const calls = floor.script([]);
    const packet = await floor.build();
    expect(calls.asked).toEqual([]);
    expect(packet).toMatchObject({ summary: null, model: null, cleanUp: null, outsidePlan: [] });
    expect(floor.clone.git('log', '-1', '--format=%b', BRANCH)).toContain('From message 2 by');
  });

  it('is mended by a model once its checks failed', async () => {
    const floor = await withCode(WRONG);
    floor.script([]);
    const first = await floor.buildAndFail('"c1 it greets by name" fails.');
    floor.script([mend, done('Says hello.'), nothingToTidy]);
    const second = await floor.build();
    expect(parentOf(floor, second.headSha)).toBe(first.headSha);
    expect(second).toMatchObject({ model: 'scripted', summary: 'Says hello.' });
  });

  it('is not tried again unchanged: a person is asked, with the first finding', async () => {
    const floor = await withCode(WRONG);
    await floor.buildAndFail('"c1 it greets by name" fails.');
    await expect(floor.build()).rejects.toMatchObject({
      code: 'same-code-again',
      message: expect.stringContaining('"c1 it greets by name" fails.'),
      fix: expect.stringContaining('Paste a corrected version'),
    });
  });

  it('that is pasted after a model wrote goes on top of what the model wrote', async () => {
    const floor = await openBuildFloor();
    floor.script([write(GREET), write('export const sub = 1;\n', 'src/sub.js'), done(), nothingToTidy]);
    const first = await floor.build();
    record(floor.task, first, floor.keep);
    floor.task.artifacts.revision = floor.keep(
      jsonArtifact('change-set', codeOf(`// by hand\n${GREET}`, { pastedBy: 'Grace' })),
    );
    floor.script([]);
    const second = await floor.build();
    expect(parentOf(floor, second.headSha)).toBe(first.headSha);
    expect(await floor.fileAt(second.headSha, 'src/sub.js')).not.toBeNull();
    expect(second).toMatchObject({ model: 'scripted', revision: floor.task.artifacts.revision });
  });

  it('that was sent back is mended, with the words of who sent it back, whatever came between', async () => {
    const floor = await withCode(GREET);
    floor.script([]);
    const first = await floor.build();
    record(floor.task, first, floor.keep);
    const block = (code: string, reason: string): string =>
      floor.keep(
        jsonArtifact('packet', {
          ...{ ...floorHeader, type: 'blocker', from: 'tess', to: 'person' },
          ...{ code, reason, fix: 'Paste.', findings: [] },
        }),
      );
    floor.task.sentBack = {
      artifact: block('changes-requested', 'Grace asks for changes: In French.'),
      isTakenUp: false,
    };
    floor.task.artifacts.blocker = block('nothing-changed', 'Nothing was changed.');
    const calls = floor.script([write(GREET.replace('Hello', 'Bonjour')), done('In French.')]);
    const second = await floor.build();
    expect(parentOf(floor, second.headSha)).toBe(first.headSha);
    expect(JSON.stringify(calls.asked[0]?.messages)).toContain('In French.');

    record(floor.task, second, floor.keep);
    floor.task.sentBack.isTakenUp = true;
    const again = floor.script([]);
    expect((await floor.build()).headSha).toBe(second.headSha);
    expect(again.asked).toEqual([]);
  });
});

describe('work that a person handed back', () => {
  const handBack = (floor: BuildFloor, files: Record<string, string>) => {
    floor.clone.git('checkout', '-q', BRANCH);
    floor.clone.git('reset', '-q', '--hard', floor.testsSha);
    const headSha = floor.clone.commit(files, 'Greet by hand');
    floor.clone.git('checkout', '-q', 'main');
    floor.task.handedBack = { by: 'Ada', headSha };
    floor.task.headSha = headSha;
    return headSha;
  };

  it('is the build as it is, and nobody writes over it', async () => {
    const floor = await withCode(WRONG);
    const headSha = handBack(floor, { [CODE_PATH]: GREET });
    const calls = floor.script([]);
    const packet = await floor.build();
    expect(calls.asked).toEqual([]);
    expect(packet).toMatchObject({
      headSha,
      summary: "Ada's own work, handed back.",
      model: null,
      handedBackBy: 'Ada',
    });
    expect(packet.commits.map(({ title }) => title)).toContain('Greet by hand');
    expect(floor.branchHead()).toBe(headSha);
    expect(floor.clone.git('log', '-1', '--format=%an', BRANCH).trim()).toBe('Ada');
  });

  it('passes the same scan as any other work (A10)', async () => {
    const floor = await openBuildFloor();
    handBack(floor, { '.github/workflows/ci.yml': 'on: push\n' });
    await expect(floor.build()).rejects.toMatchObject({ code: 'import-refused' });
  });

  it('gets the tests that were locked after it was begun, and blames nobody for them', async () => {
    const floor = await openBuildFloor();
    floor.clone.git('checkout', '-q', BRANCH);
    floor.clone.git('reset', '-q', '--hard', floor.baseSha);
    const headSha = floor.clone.commit({ [CODE_PATH]: GREET }, 'Greet by hand');
    floor.clone.git('checkout', '-q', 'main');
    floor.task.handedBack = { by: 'Ada', headSha };
    floor.task.headSha = headSha;
    const packet = await floor.build();
    expect(parentOf(floor, packet.headSha)).toBe(headSha);
    expect(floor.branchHead()).toBe(packet.headSha);
    expect(floor.clone.git('show', `${packet.headSha}:${TEST_PATH}`)).toBe(LOCKED);
    expect(floor.clone.git('log', '-1', '--format=%an', packet.headSha)).toContain('Vera');
    expect(packet).toMatchObject({ testsTouched: [], handedBackBy: 'Ada' });
  });

  it('keeps what the person wrote in the place of a test that was locked later', async () => {
    const floor = await openBuildFloor();
    floor.clone.git('checkout', '-q', BRANCH);
    floor.clone.git('reset', '-q', '--hard', floor.baseSha);
    const headSha = floor.clone.commit({ [CODE_PATH]: GREET, [TEST_PATH]: 'mine();\n' }, 'Greet by hand');
    floor.clone.git('checkout', '-q', 'main');
    floor.task.handedBack = { by: 'Ada', headSha };
    floor.task.headSha = headSha;
    expect(await floor.build()).toMatchObject({ headSha, testsTouched: [TEST_PATH] });
  });

  it('is told of when it changes a locked test', async () => {
    const floor = await openBuildFloor();
    handBack(floor, { [CODE_PATH]: GREET, [TEST_PATH]: 'weaker();\n' });
    expect((await floor.build()).testsTouched).toEqual([TEST_PATH]);
  });

  it('is built upon after its checks failed, never replaced', async () => {
    const floor = await openBuildFloor();
    const headSha = handBack(floor, { [CODE_PATH]: WRONG });
    floor.script([]);
    await floor.buildAndFail('red');
    floor.script([mend, done(), nothingToTidy]);
    const packet = await floor.build();
    expect(parentOf(floor, packet.headSha)).toBe(headSha);
    expect(packet.handedBackBy).toBe('Ada');
  });

  it('stays the build on a retry without a model, though the conversation has other code', async () => {
    const floor = await withCode(WRONG);
    const headSha = handBack(floor, { [CODE_PATH]: GREET });
    await floor.buildAndFail('red');
    await expect(floor.build()).rejects.toMatchObject({
      code: 'same-code-again',
      message: expect.stringContaining('Ada'),
    });
    floor.task.attempt = 1;
    expect((await floor.build()).headSha).toBe(headSha);
    expect(FILES).not.toHaveProperty(CODE_PATH);
  });
});

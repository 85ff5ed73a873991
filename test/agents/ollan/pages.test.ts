import { describe, expect, it } from 'vitest';
import { notePushed } from '#agents/tess/notes-for-review.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { draft } from '#test/persistence/support.ts';
import { briefOf } from '../one-step.ts';
import { BRANCH, CODE_PATH, done, FILES, GREET, openBuildFloor, record, TEST_PATH, write } from './build-floor.ts';
import type { BuildFloor } from './build-floor.ts';

const ASKED = { ...FILES, 'factory.yaml': 'run_notes: true\n' };
const PAGE = 'factory/runs/1.md';
const WRONG = 'export const greet = () => "Hi";\n';
const nothingToTidy = done('Nothing to clean up.');

const pageOn = (floor: BuildFloor, ref: string, path = PAGE) => floor.clone.git('show', `${ref}:${path}`);

async function built(files: Readonly<Record<string, string>> = ASKED) {
  const floor = await openBuildFloor({ files, brief: briefOf({ changeSet: null }) });
  floor.script([write(GREET), done('Greets by name.'), nothingToTidy]);
  return { floor, packet: await floor.build() };
}

/** The ledger holds what made this attempt one more. */
function recall(floor: BuildFloor): void {
  const { tools, task } = floor;
  const artifact = task.artifacts.qa;
  const event = { ...draft('qa.failed', {} as never), artifact, seq: 1, position: 1, stream: `task:${task.taskId}` };
  tools.unitOfWork = {
    ...tools.unitOfWork,
    ledger: { ...tools.unitOfWork.ledger, stream: async () => [event as never] },
  };
}

/** Merges the branch, and builds the task of this number that takes just that back. */
async function takeBack(floor: BuildFloor, headSha: string, number: number) {
  const { clone, task } = floor;
  const baseSha = clone.head('main') ?? '';
  clone.git('merge', '-q', '--no-ff', '-m', 'Merged', headSha);
  const mergedSha = clone.head('main') ?? '';
  const name = `factory/${number}-take-back`;
  clone.git('branch', '-q', name, mergedSha);
  await floor.lock(null);
  const brief = briefOf({ reverts: { number: number - 1, title: 'Greet by name', mergedSha } });
  Object.assign(task, {
    number,
    branch: { branchId: name, name, baseSha: mergedSha },
    headSha: mergedSha,
    reverts: { chain: [], landed: { mergedSha, baseSha, headSha } },
    artifacts: { ...task.artifacts, build: null, qa: null, brief: floor.keep(jsonArtifact('task-brief', brief)) },
  });
  floor.script([]);
  return floor.build();
}

describe('the page of a run', () => {
  it('is the last commit of the build, written by the host, and holds what came of it', async () => {
    const { floor, packet } = await built();
    expect(floor.branchHead()).toBe(packet.headSha);
    expect(floor.clone.git('diff', '--name-only', `${packet.headSha}^`, packet.headSha).trim()).toBe(PAGE);
    expect(floor.clone.git('log', '-1', '--format=%an', packet.headSha)).toContain('Tess');
    const page = pageOn(floor, packet.headSha);
    for (const part of [
      '# Task 1: Greet by name',
      '- c1: It greets by name.',
      'Committed by ada, from the conversation "A greeting" (`talk`)',
      `\`${BRANCH}\``,
      `- \`${CODE_PATH}\` (+1 −0)`,
      '## What failed on the way\n\nNothing.',
      `Remember: its tests are ${TEST_PATH}.`,
      '> Greets by name.',
    ])
      expect(page).toContain(part);
    expect(page).not.toContain(PAGE);
    expect(packet.outsidePlan).not.toContain(PAGE);
    expect(packet.files.map(({ path }) => path)).toContain(PAGE);
  });

  it('is the same when the same build is told again', async () => {
    const { floor, packet } = await built();
    record(floor.task, packet, floor.keep);
    floor.script([]);
    expect((await floor.build()).headSha).toBe(packet.headSha);
  });

  it('tells the next reader what failed, above the page of the attempt before', async () => {
    const floor = await openBuildFloor({ files: ASKED });
    floor.script([write(WRONG), done('Says hi.')]);
    const first = await floor.buildAndFail('"c1 it greets by name" fails.');
    recall(floor);
    floor.script([write(GREET), done('Says hello.'), nothingToTidy]);
    const second = await floor.build();
    expect(floor.clone.git('merge-base', first.headSha, second.headSha).trim()).toBe(first.headSha);
    expect(pageOn(floor, second.headSha)).toContain(
      '## What failed on the way\n\n- Attempt 1: "c1 it greets by name" fails.\n',
    );
    expect(second.hostFiles.map(({ path }) => path)).toEqual([PAGE, PAGE]);
  });

  it('is not written unasked', async () => {
    const { floor, packet } = await built(FILES);
    expect(packet.hostFiles).toEqual([]);
    expect(() => pageOn(floor, packet.headSha)).toThrow();
  });

  it('leaves an older page of that name alone', async () => {
    const { floor, packet } = await built({ ...ASKED, [PAGE]: 'Of another time.\n' });
    expect(pageOn(floor, packet.headSha)).toBe('Of another time.\n');
    const [page] = packet.hostFiles;
    expect(page?.path).toMatch(/^factory\/runs\/1-[0-9a-f]{8}\.md$/);
    expect(pageOn(floor, packet.headSha, page?.path)).toContain('# Task 1');
  });

  it('is not for a model to write, whatever it tries (C23)', async () => {
    const floor = await openBuildFloor({ files: ASKED });
    const calls = floor.script([write('All is well.\n', PAGE), write(GREET), done(), nothingToTidy]);
    const packet = await floor.build();
    expect(JSON.stringify(calls.asked[1]?.messages)).toContain('protected');
    expect(pageOn(floor, packet.headSha)).not.toContain('All is well');
  });

  it.each([
    ['changed', 'Somebody else’s words.\n'],
    ['written elsewhere', null],
  ])('lets nothing else pass below it: a page that was %s is refused (C23)', async (_what, words) => {
    const { floor, packet } = await built();
    record(floor.task, packet, floor.keep);
    floor.clone.git('checkout', '-q', BRANCH);
    const files = words === null ? { 'factory/runs/2.md': pageOn(floor, BRANCH) } : { [PAGE]: words };
    const headSha = floor.clone.commit(files, 'By hand');
    floor.clone.git('checkout', '-q', 'main');
    floor.task.handedBack = { by: 'Ada', headSha };
    floor.task.headSha = headSha;
    floor.script([]);
    await expect(floor.build()).rejects.toMatchObject({ code: 'import-refused' });
    const pushed = { headSha, baseSha: floor.baseSha, hostFiles: packet.hostFiles };
    expect(await notePushed(floor.tools, floor.repo, pushed)).toEqual([expect.stringContaining('factory/runs/')]);
  });

  it('is taken back with its change, and comes again with it', async () => {
    const { floor, packet } = await built();
    const page = pageOn(floor, packet.headSha);
    const undone = await takeBack(floor, packet.headSha, 2);
    expect(() => pageOn(floor, undone.headSha)).toThrow();
    expect(pageOn(floor, undone.headSha, 'factory/runs/2.md')).toContain('# Task 2');
    const again = await takeBack(floor, undone.headSha, 3);
    expect(pageOn(floor, again.headSha)).toBe(page);
    expect(() => pageOn(floor, again.headSha, 'factory/runs/2.md')).toThrow();
    expect(pageOn(floor, again.headSha, 'factory/runs/3.md')).toContain('# Task 3');
  });

  it('goes with the branch that a person takes over and hands back', async () => {
    const { floor, packet } = await built();
    record(floor.task, packet, floor.keep);
    floor.clone.git('checkout', '-q', BRANCH);
    const headSha = floor.clone.commit({ 'docs/greet.md': 'Hello\n' }, 'By hand');
    floor.clone.git('checkout', '-q', 'main');
    floor.task.handedBack = { by: 'Ada', headSha };
    floor.task.headSha = headSha;
    floor.script([]);
    const again = await floor.build();
    expect(pageOn(floor, again.headSha)).toContain('docs/greet.md');
    const pushed = { headSha, baseSha: floor.baseSha, hostFiles: packet.hostFiles };
    expect(await notePushed(floor.tools, floor.repo, pushed)).toEqual([]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Post } from '#src/ports/chat.ts';
import { type TestRepository, workingClone } from '#test/support/repository.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openLiveRoom } from './support/live-room.ts';
import type { LiveRoom } from './support/live-room.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('a merged change that is taken back', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let repository: TestRepository;
  let room: LiveRoom;
  let merged: StoryTaskRow;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
    repository = workingClone(nodeProject);
    const talk = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    const ran = await runFile(workbench, talk, repository.path, ['--approve-as', 'local']);
    room = await openLiveRoom(workbench, {});
    merged = await room.task(ran.tasks[0]?.id ?? '');
  });
  afterEach(async () => {
    await room.close();
    await workbench.remove();
  });

  const revertOf = async (taskId: string): Promise<StoryTaskRow> => {
    const [found] = await room.workbench.unitOfWork.tables.find('story_tasks', { reverts: taskId });
    if (found === undefined) throw new Error('no task takes it back');
    return found;
  };
  const review = async (taskId: string): Promise<Post['card'] | undefined> =>
    (await room.posts({ kind: 'task', id: taskId })).findLast(({ card }) => card.kind === 'review')?.card;
  const approve = async (taskId: string): Promise<void> => {
    await room.until(taskId, ({ state }) => state === 'in-review');
    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'merged');
  };
  const has = (file: string) => existsSync(path.join(repository.path, file));
  const changed = () =>
    repository.git('diff', '--name-only', `${merged.mergedSha}^1`, `${merged.mergedSha}`).trim().split('\n');

  it('goes the way of every task, is told on the card of the first, and can be taken back itself', async () => {
    expect(merged.state).toBe('merged');
    const files = changed();
    expect(files.filter(has)).toEqual(files);
    repository.git('tag', 'v1');
    expect((await room.press(merged.id, 'revert')).ok).toBe(true);
    const revert = await revertOf(merged.id);
    await waitFor(
      async () => (await review(merged.id))?.outcome?.endsWith(`task ${revert.number} takes it back`) === true,
    );
    await approve(revert.id);
    expect(files.filter(has)).toEqual([]);

    const [undo = ''] = repository.git('log', '--format=%H', '-1', `--grep=${merged.mergedSha}`, 'main').split('\n');
    expect(repository.git('log', '-1', '--format=%an%n%B', undo)).toBe(
      [
        'Ollan (Factory Workbench)',
        `Revert "${merged.title}"`,
        '',
        `This reverts commit ${merged.mergedSha}, which task ${merged.number} merged.`,
        'Asked for by local.',
        '\n',
      ].join('\n'),
    );
    await waitFor(
      async () => (await review(merged.id))?.outcome?.endsWith(`reverted by task ${revert.number}`) === true,
    );
    expect((await review(merged.id))?.actions).toEqual([]);
    const leads = (await review(merged.id))?.blocks.flatMap((block) =>
      block.type === 'list' ? block.items.map(({ thread }) => thread?.id) : [],
    );
    expect(leads).toContain(revert.id);
    const { tables } = room.workbench.unitOfWork;
    expect((await tables.get('stories', merged.storyId))?.status).toBe('reverted');

    const notes = async (...words: string[]) => (await workbench.run(['release-notes', ...words])).document();
    expect(await notes()).toMatchObject([{ groups: [], takenBack: [], leftOut: 1 }]);
    expect(await notes('--since', 'v1')).toMatchObject([
      { since: 'since v1', groups: [], takenBack: [{ number: merged.number, by: revert.number }], leftOut: 0 },
    ]);
    expect(await notes('--since', 'v2')).toMatchObject({ error: { code: 'no-such-tag' } });

    expect((await room.press(revert.id, 'revert')).ok).toBe(true);
    const again = await revertOf(revert.id);
    await approve(again.id);
    expect(files.filter(has)).toEqual(files);
    expect(repository.git('diff', '--name-only', `${merged.mergedSha}`, 'main')).toBe('');
    await waitFor(async () => (await review(merged.id))?.actions.some(({ name }) => name === 'revert') === true);
    expect((await tables.get('stories', merged.storyId))?.status).toBe('done');
    expect(await notes()).toMatchObject([{ groups: [{ changes: [{ number: merged.number }] }], leftOut: 0 }]);
    await room.stop();
    await expectSound(workbench);
  });

  it('asks a person where later work stands in the way, and goes on from what they hand back', async () => {
    const [file = ''] = changed().filter((name) => !/test/.test(name));
    repository.commit({ [file]: `${readFileSync(path.join(repository.path, file), 'utf8').replaceAll('2', '3')}` });
    expect((await room.press(merged.id, 'revert')).ok).toBe(true);
    const { id } = await revertOf(merged.id);
    await waitFor(async () => (await room.task(id)).state === 'blocked');
    expect((await room.task(id)).waitingText).toContain(file);
    expect((await room.press(id, 'take-over')).ok).toBe(true);
    const { branch } = await room.task(id);
    repository.git('switch', '-q', branch ?? '');
    repository.commit(Object.fromEntries(changed().map((name) => [name, null])), 'Take it back by hand');
    repository.git('switch', '-q', 'main');
    expect((await room.press(id, 'hand-back')).ok).toBe(true);
    await approve(id);
    expect(changed().filter(has)).toEqual([]);
    expect((await room.task(merged.id)).revertedBy).toBe(id);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import { workingClone } from '#test/support/repository.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openLiveRoom } from './support/live-room.ts';
import type { LiveRoom } from './support/live-room.ts';
import { E2E_TIMEOUT_MS, expectSound } from './support/runs.ts';
import { doubleWithTest, nodeProject } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

const DOUBLE = {
  id: 'double',
  title: 'Double a number',
  intent: `Please write a function double(n) in src/double.js.\n\n${doubleWithTest}`,
  acceptanceCriteria: ['double(4) returns 8'],
  contextPaths: ['src/one.js'],
  status: 'pending',
  estimate: '1.50 days',
};
const LATER = { id: 'later', title: 'Something that a person does', status: 'on-hold' };

describe('a queue in the repository', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let room: LiveRoom;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
    room = await openLiveRoom(workbench, {});
  });
  afterEach(async () => {
    await room.close();
    await workbench.remove();
  });

  it('brings an entry to its merge, which waits for nothing but a person, and keeps the file up to date', async () => {
    const files = { ...nodeProject, 'factory.yaml': 'run_notes: true\n', [QUEUE_FILE]: '[]\n' };
    const repository = workingClone(files);
    const file = path.join(repository.path, QUEUE_FILE);
    const entries = () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
    const hasStatus = (status: string) => waitFor(() => entries()[0]?.['status'] === status);
    await room.workbench.createDesk().openProject(LOCAL_USER, repository.path);
    writeFileSync(file, `${JSON.stringify([DOUBLE, LATER], null, 2)}\n`);

    await hasStatus('proposed');
    const { tables, ledger } = room.workbench.unitOfWork;
    const [thread] = await tables.find('chat_threads', { surface: 'queue-file' });
    const taskId = await room.commit(thread?.conversationId ?? '', 'commit');
    await room.until(taskId, ({ state }) => state === 'in-review');
    await hasStatus('in-review');
    const { branch } = await room.task(taskId);
    expect(entries()[0]?.['lastRun']).toMatchObject({ task: 1, outcome: 'in review', branch, pullRequest: 1 });
    expect(repository.git('status', '--porcelain').trimEnd()).toBe(` M ${QUEUE_FILE}`);

    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    const merged = await room.until(taskId, ({ state }) => state === 'merged');
    await hasStatus('done');
    const lastRun = { at: merged.endedAt, task: 1, outcome: 'merged', branch, pullRequest: 1 };
    expect(readFileSync(file, 'utf8')).toBe(
      `${JSON.stringify([{ ...DOUBLE, status: 'done', lastRun }, LATER], null, 2)}\n`,
    );
    expect(repository.head('main')).toBe(merged.mergedSha);
    expect(repository.git('status', '--porcelain').trimEnd()).toBe(` M ${QUEUE_FILE}`);
    const page = readFileSync(path.join(repository.path, 'factory/runs/1.md'), 'utf8');
    expect(page).toContain('entry "double" of the queue');
    expect(page).toContain('- npm test: green on the base');

    const facts = await ledger.stream(`task:${taskId}`);
    expect(facts.map(({ type }) => type)).not.toContain('task.waiting');
    expect(facts.find(({ type }) => type === 'story.committed')?.actor).toBe(LOCAL_USER);
    await room.stop();
    await expectSound(workbench);
  });
});

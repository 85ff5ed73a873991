import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import { openLiveRoom } from './support/live-room.ts';
import type { LiveRoom } from './support/live-room.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('a change that was squashed on GitHub, and is taken back', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  let room: LiveRoom | undefined;
  let env: Record<string, string>;

  beforeEach(async () => {
    workbench = await createTestWorkbench();
    github = await startGitHub({ repositories: { 'acme/shop': { files: nodeProject, mergeMethods: ['squash'] } } });
    env = {
      GITHUB_TOKEN: github.apps.workbench.token().value,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_URL: github.url,
      APPROVERS: 'ana',
    };
  });
  afterEach(async () => {
    await room?.close();
    await github.settled();
    await github.close();
    await workbench.remove();
    if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
  });

  it('is a pull request of its own, which somebody else approves and GitHub merges', async () => {
    github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
    const file = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    const run = () => runFile(workbench, file, 'github:acme/shop', ['--approve-as', 'ana'], { env });
    const files = async () => (await github.git('ls-tree', '-r', '--name-only', 'main')).trim().split('\n');
    const before = await files();
    const [merged] = (await run()).tasks;
    expect(merged).toMatchObject({ state: 'merged' });
    expect(await files()).not.toEqual(before);

    room = await openLiveRoom(workbench, env);
    expect((await room.press(merged?.id ?? '', 'revert')).ok).toBe(true);
    const [revert] = await room.workbench.unitOfWork.tables.find('story_tasks', { reverts: merged?.id ?? '' });
    await room.until(revert?.id ?? '', ({ state }) => state === 'in-review');
    await room.close();
    room = undefined;

    const after = await run();
    expect(after).toMatchObject({ exitCode: 0, tasks: [{ id: merged?.id }, { id: revert?.id, state: 'merged' }] });
    expect(await files()).toEqual(before);
    const number = after.tasks[1]?.pullRequest ?? 0;
    expect(github.issue(number).title).toBe(revert?.title);
    expect(github.issue(number).body).toContain(`Takes back what task 1 merged as ${merged?.mergedSha?.slice(0, 7)}.`);
    await expectSound(workbench);
  });
});

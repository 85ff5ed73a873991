import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commitStories } from '#src/backlog/commit-stories.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { readConversations } from '#src/commands/canvas.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import { projectForRepository } from '#src/desk/projects.ts';
import { chooseConversation, takeIn } from '#src/desk/take-in.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { BlockerPacket } from '#src/packets/blocker.ts';
import { workingClone } from '#test/support/repository.ts';
import { expectReplaysAlike } from '#test/support/replays-alike.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { E2E_TIMEOUT_MS } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';

const SECRET = 'the launch is on friday';

async function openFactory(more: Readonly<Record<string, string>>) {
  const folder = await createTempFolder();
  const settings = { WORKBENCH_DATA: `${folder.path}/data`, LOG_LEVEL: 'silent', ...more };
  const machine = { npmProgram: null, registryHost: null, path: process.env['PATH'] ?? null };
  const workbench = await openWorkbench(loadConfig(settings, folder.path), machine);
  const worker = await workbench.startWorker(FACTORY_LANE, { taskIds: 'all' });
  const surfaces = await workbench.startSurfaces(() => {});
  onTestFinished(async () => {
    await surfaces.stop();
    await worker.stop({ forget: false });
    await workbench.close();
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const bind = (path: string) => projectForRepository(workbench, { actor: 'local', path, base: null });
  return { workbench, folder: folder.path, bind };
}

async function commitOneStory(workbench: Workbench, folder: string, projectId: string): Promise<string> {
  const file = writeExport(folder, 'one.json', chatgptConversation('Doubling', oneStory));
  const conversation = chooseConversation(await readConversations(folder, file), null);
  await takeIn(workbench, { projectId, conversation, fileHash: null, actor: 'local' });
  const { tables } = workbench.unitOfWork;
  const stories = await tables.find('stories', { conversationId: conversation.id, status: 'proposed' });
  const request = { conversationId: conversation.id, storyIds: stories.map(({ id }) => id), actor: 'local' };
  await commitStories(workbench, { ...request, lane: FACTORY_LANE, mayWrite: false });
  const [task] = await tables.find('story_tasks', { conversationId: conversation.id });
  if (task === undefined) throw new Error('the story did not become a task');
  return task.id;
}

/** A bug of the workbench: whatever it does with this repository's files breaks in words that quote them. */
function plantFault({ workspace }: Workbench, path: string): void {
  const honest = workspace.bundleOut.bind(workspace);
  workspace.bundleOut = (repo, ...rest) =>
    repo.path === path ? Promise.reject(new TypeError(`cannot read "${SECRET}" of undefined`)) : honest(repo, ...rest);
}

describe('a fault of the factory itself', { timeout: E2E_TIMEOUT_MS }, () => {
  it('becomes one bug story of its own project, and takes no word of the other one along', async () => {
    const [shop, own] = [workingClone(nodeProject), workingClone(nodeProject)];
    const { workbench, folder, bind } = await openFactory({ FACTORY_PROJECT: own.path.split('/').at(-1) ?? '' });
    const { tables, ledger, artifacts, conversations } = workbench.unitOfWork;
    // Both folders have the same name, and the first project of that name is called by it.
    const [{ projectId: ownId }, { projectId: shopId }] = [await bind(own.path), await bind(shop.path)];
    plantFault(workbench, shop.path);
    const taskId = await commitOneStory(workbench, folder, shopId);
    const blocked = async (times: number) => {
      await waitFor(async () => {
        const events = await ledger.stream(`task:${taskId}`);
        return events.filter(({ type }) => type === 'task.blocked').length === times;
      });
    };
    await blocked(1);
    await controlTask(workbench, {
      taskId,
      actor: 'local',
      lane: FACTORY_LANE,
      command: { type: 'retry', revision: null },
    });
    await blocked(2);

    const incidents = () => tables.find('incidents', {});
    const [incident] = await incidents();
    expect(await incidents()).toMatchObject([
      { projectId: ownId, source: 'blocker', service: 'factory', severity: 'error', status: 'open', times: 2 },
    ]);
    expect(incident?.signal).toMatch(/^unexpected:(?:src|agents|infra|persistence)\/[\w/.-]+\.ts$/);
    const details = await artifacts.get(incident?.detailsArtifact ?? '');
    expect(details === null ? null : contentOf(details)).toEqual({
      code: 'unexpected',
      step: expect.any(String),
      persona: expect.any(String),
      error: 'TypeError',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      frames: expect.arrayContaining([expect.stringMatching(/^[a-z][\w/.-]+\.ts:\d+$/)]),
    });

    await waitFor(async () => (await incidents())[0]?.conversationId !== null);
    const stories = await tables.find('stories', { projectId: ownId });
    expect(stories).toMatchObject([{ status: 'proposed' }]);
    expect(await tables.find('story_tasks', { projectId: ownId })).toEqual([]);
    const talk = await conversations.get(incident === undefined ? '' : `incident-${incident.id}`);
    for (const words of [talk, stories, await incidents(), details]) {
      const text = JSON.stringify(words);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(shop.path);
      expect(text).not.toContain(folder);
      expect(text.toLowerCase()).not.toContain('doubl');
    }

    // Whoever works there still reads what it said.
    const packets = (await ledger.stream(`task:${taskId}`)).filter(({ type }) => type === 'task.blocked');
    const packet = await artifacts.get(packets[0]?.artifact ?? '');
    const told = BlockerPacket.parse(packet === null ? null : contentOf(packet));
    expect(told).toMatchObject({ about: 'factory', reason: expect.stringContaining(SECRET) });
    await expectReplaysAlike(workbench.unitOfWork);
  });

  it('stays on its task where no project is the factory’s own', async () => {
    const shop = workingClone(nodeProject);
    const { workbench, folder, bind } = await openFactory({});
    const { projectId } = await bind(shop.path);
    plantFault(workbench, shop.path);
    const taskId = await commitOneStory(workbench, folder, projectId);
    const { tables } = workbench.unitOfWork;
    await waitFor(async () => (await tables.get('story_tasks', taskId))?.state === 'blocked');
    expect(await tables.find('incidents', {})).toEqual([]);
  });
});

import { requireGoing } from '#src/code-factory/halt-watch.ts';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { commitStories } from '#src/backlog/commit-stories.ts';
import { whyNotStarted } from '#src/backlog/not-started.ts';
import type { WhyNoModel } from '#src/backlog/not-started.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { chooseConversation, conversationIdFor, takeIn } from '#src/desk/take-in.ts';
import { projectForRepository } from '#src/desk/projects.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { isGroup } from '#src/ports/groups.ts';
import { BlockerPacket } from '#src/packets/blocker.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import path from 'node:path';
import { alone } from './alone.ts';
import { readConversations } from './canvas.ts';
import type { Command, CommandResult } from './command.ts';
import { diskFile, hashFile } from './disk-file.ts';
import { followTasks } from './follow-tasks.ts';
import { parseWords } from './parse.ts';
import { listenForStop } from './stop-signal.ts';

export const runCommand: Command = {
  name: 'run',
  usage: 'run FILE --repo PATH [--conversation ID|TITLE] [--base BRANCH] [--approve-as USER] [--write] [--again]',
  summary: 'Take a conversation with code to merged pull requests, without the page.',
  async run({ argv, cwd, config, host }) {
    const { positionals, values } = parseWords(
      argv,
      this.usage,
      {
        repo: { type: 'string' },
        conversation: { type: 'string' },
        base: { type: 'string' },
        'approve-as': { type: 'string' },
        again: { type: 'boolean' },
        write: { type: 'boolean' },
      },
      { min: 1, max: 1 },
    );
    const { repo } = values;
    if (repo === undefined)
      throw new FactoryError('usage', 'The repository is missing.', { fix: `Use: workbench ${this.usage}` });
    const approver = values['approve-as'] ?? null;
    // Who is in a group is only known once the workbench is open; the approval itself asks.
    if (approver !== null && !config.approvers.includes(approver) && !config.approvers.some(isGroup)) {
      throw new FactoryError(
        'not-an-approver',
        `${approver} is not in APPROVERS (${config.approvers.join(', ') || 'empty'}).`,
        { fix: 'Approve as someone who is, or add them to APPROVERS.' },
      );
    }
    const file = positionals[0] ?? '';
    const imported = chooseConversation(await readConversations(cwd, file), values.conversation ?? null);
    const fileHash = await hashFile(await diskFile(cwd, file));

    const write = values.write ?? false;
    if (write && config.model === null) {
      throw new FactoryError('no-model', 'Nothing can write code: no model is set.', {
        fix: 'Set OPENAI_MODEL (and OPENAI_API_KEY or OPENAI_BASE_URL), or leave --write out.',
      });
    }

    // Ctrl-C ends the waiting; the tasks keep their state and the next run goes on from there.
    const stopped = listenForStop();
    const workbench = await openWorkbench(config, host);
    try {
      await requireGoing(workbench.unitOfWork.ledger);
      // Two starts at once: the second finds what the first one made.
      const { conversationId, ownLane, noModel } = await alone(workbench, 'run', async () => {
        const { projectId } = await projectForRepository(workbench, {
          actor: LOCAL_USER,
          path: repo.startsWith('github:') ? repo : path.resolve(cwd, repo),
          base: values.base ?? null,
        });
        const id = await conversationIdFor(workbench, {
          originId: imported.id,
          projectId,
          fileHash,
          anew: values.again ?? false,
        });
        await takeIn(workbench, { projectId, conversation: { ...imported, id }, fileHash, actor: LOCAL_USER });
        const lane = `run-${id.replaceAll(/[^\w-]/g, '-')}`;
        const isAllowed = await workbench.modelFor(projectId, id);
        const mayWrite = write && isAllowed;
        await commitAll(workbench, id, { lane: (await workbench.isWorkedOn()) ? FACTORY_LANE : lane, mayWrite });
        return { conversationId: id, ownLane: lane, noModel: whyNoModel(config.model !== null, isAllowed) };
      });
      await followTasks(workbench, { conversationId, approver, ownLane, stopped });
      return await report(workbench, conversationId, noModel);
    } finally {
      await workbench.close();
    }
  },
};

async function tasksOf({ unitOfWork }: Workbench, conversationId: string): Promise<StoryTaskRow[]> {
  return unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
}

async function commitAll(
  workbench: Workbench,
  conversationId: string,
  options: { lane: string; mayWrite: boolean },
): Promise<void> {
  const stories = await workbench.unitOfWork.tables.find('stories', { conversationId, status: 'proposed' });
  const tasks = await tasksOf(workbench, conversationId);
  const stoppedBefore = new Set(tasks.map((task) => task.storyId));
  const storyIds = stories.filter((story) => !stoppedBefore.has(story.id)).map((story) => story.id);
  if (storyIds.length > 0) await commitStories(workbench, { conversationId, storyIds, actor: LOCAL_USER, ...options });
}

function whyNoModel(isSet: boolean, isAllowed: boolean): WhyNoModel {
  if (!isSet) return 'not-set';
  return isAllowed ? 'not-asked' : 'off';
}

async function report(workbench: Workbench, conversationId: string, noModel: WhyNoModel): Promise<CommandResult> {
  const { tables } = workbench.unitOfWork;
  const rows = await tasksOf(workbench, conversationId);
  const pullRequests = await tables.find('pull_requests', { taskId: rows.map((task) => task.id) });
  const runs = await tables.find('task_runs', { taskId: rows.map((task) => task.id), step: 'check' });
  const fixes = await fixesFor(workbench, rows);
  const tasks = rows.map((task) => ({
    id: task.id,
    title: task.title,
    state: task.state,
    branch: task.branch,
    pullRequest: pullRequests.find((pullRequest) => pullRequest.taskId === task.id)?.number ?? null,
    headSha: task.headSha,
    mergedSha: task.mergedSha,
    attempts: Math.max(0, ...runs.filter((run) => run.taskId === task.id).map((run) => run.attempt)),
    waitingFor: waitingFor(task, fixes.get(task.id)),
  }));
  const stories = await tables.find('stories', { conversationId, status: 'proposed' });
  const started = new Set(rows.map((task) => task.storyId));
  const notStarted = await Promise.all(
    stories
      .filter((story) => !started.has(story.id))
      .map(async (story) => ({
        story: story.title,
        reason: await whyNotStarted(workbench.unitOfWork, story, noModel),
      })),
  );
  const { events, verified } = await workbench.verifyLedger();
  const ended = rows.every((task) => hasEnded(task.state as TaskStatus));
  return {
    document: { conversationId, tasks, notStarted, ledger: { events, verified } },
    lines: [
      ...tasks.map((task) =>
        task.mergedSha !== null
          ? `Merged as ${task.mergedSha.slice(0, 7)}: ${task.title} (${task.branch})`
          : `${task.state}: ${task.title}${task.waitingFor === null ? '' : ` (waits for ${task.waitingFor.who}: ${task.waitingFor.text})`}`,
      ),
      ...notStarted.map(({ story, reason }) => `Not started: ${story}. ${reason}`),
      `Ledger: ${events} events, ${verified ? 'verified' : 'NOT verified'}.`,
    ],
    exitCode: ended ? 0 : 3,
  };
}

/** What to do about each blocked task, from its BlockerPacket. */
async function fixesFor({ unitOfWork }: Workbench, rows: readonly StoryTaskRow[]): Promise<Map<string, string>> {
  const fixes = new Map<string, string>();
  for (const { id } of rows.filter(({ state }) => state === 'blocked')) {
    const hash = (await loadTask(unitOfWork, id))?.artifacts.blocker ?? null;
    const artifact = hash === null ? null : await unitOfWork.artifacts.get(hash);
    const packet = artifact === null ? null : BlockerPacket.safeParse(contentOf(artifact));
    fixes.set(
      id,
      packet?.success === true ? packet.data.fix : 'Paste a corrected version into the thread, or stop the task.',
    );
  }
  return fixes;
}

function waitingFor(task: StoryTaskRow, fix: string | undefined): { kind: string; who: string; text: string } | null {
  if (hasEnded(task.state as TaskStatus)) return null;
  if (task.paused)
    return { kind: 'paused', who: task.requester, text: 'It is paused. Resume it when you want it to go on.' };
  if (task.waitingKind === null) return null;
  const text = [task.waitingText ?? '', ...(fix === undefined ? [] : [fix])].join(' ').trim();
  return { kind: task.waitingKind, who: task.waitingWho ?? '', text };
}

import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { commitStories, NO_CODE_REASON } from '#src/backlog/commit-stories.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { chooseConversation, conversationIdFor, takeIn } from '#src/desk/take-in.ts';
import { projectForRepository } from '#src/desk/projects.ts';
import { FactoryError } from '#src/errors.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { approveTask } from '#src/review/review-task.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import path from 'node:path';
import { readConversations } from './canvas.ts';
import type { Command, CommandResult } from './command.ts';
import { diskFile, hashFile } from './disk-file.ts';
import { parseWords } from './parse.ts';

const LOOK_EVERY_MS = 100;
/** While this process works alone, a task that neither moves nor says why for so long is reported as it stands. */
const SILENCE_MS = 30 * 60_000;

export const runCommand: Command = {
  name: 'run',
  usage: 'run FILE --repo PATH [--conversation ID|TITLE] [--base BRANCH] [--approve-as USER] [--again]',
  summary: 'Take a conversation with code to merged pull requests, without the page.',
  async run({ argv, cwd, config, host }) {
    const { positionals, values } = parseWords(
      argv,
      this.usage,
      { repo: { type: 'string' }, conversation: { type: 'string' }, base: { type: 'string' }, 'approve-as': { type: 'string' }, again: { type: 'boolean' } },
      { min: 1, max: 1 },
    );
    if (values.repo === undefined) throw new FactoryError('usage', 'The repository is missing.', { fix: `Use: workbench ${this.usage}` });
    const approver = values['approve-as'] ?? null;
    if (approver !== null && !config.approvers.includes(approver)) {
      throw new FactoryError('not-an-approver', `${approver} is not in APPROVERS (${config.approvers.join(', ') || 'empty'}).`, { fix: 'Approve as someone who is, or add them to APPROVERS.' });
    }
    const file = positionals[0] ?? '';
    const imported = chooseConversation(await readConversations(cwd, file), values.conversation ?? null);
    const fileHash = await hashFile(await diskFile(cwd, file));

    const workbench = await openWorkbench(config, host);
    const stopped = stopSignal();
    try {
      const tools = { ...workbench, forgeKind: workbench.forge.kind };
      const { projectId } = await projectForRepository(tools, { actor: LOCAL_USER, path: path.resolve(cwd, values.repo), base: values.base ?? null });
      const conversationId = await conversationIdFor(workbench, { originId: imported.id, projectId, fileHash, anew: values.again ?? false });
      await takeIn(workbench, { projectId, conversation: { ...imported, id: conversationId }, fileHash, actor: LOCAL_USER });

      const othersWork = await workbench.isWorkedOn();
      const lane = othersWork ? FACTORY_LANE : `run-${conversationId.replaceAll(/[^\w-]/g, '-')}`;
      await commitAll(workbench, conversationId, lane);
      const taskIds = (await tasksOf(workbench, conversationId)).map((task) => task.id);
      const worker = othersWork ? null : await workbench.startWorker(lane, { taskIds });
      if (othersWork) await wakeAgain(workbench, taskIds, lane);
      try {
        await follow(workbench, { conversationId, approver, lane, stopped });
      } finally {
        await worker?.stop({ forget: true });
      }
      return await report(workbench, conversationId);
    } finally {
      await workbench.close();
    }
  },
};

/** Ctrl-C ends the waiting; the tasks keep their state and the next run goes on from there. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function tasksOf({ unitOfWork }: Workbench, conversationId: string): Promise<StoryTaskRow[]> {
  return unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
}

async function commitAll(workbench: Workbench, conversationId: string, lane: string): Promise<void> {
  const stories = await workbench.unitOfWork.tables.find('stories', { conversationId, status: 'proposed' });
  const tasks = await tasksOf(workbench, conversationId);
  const stoppedBefore = new Set(tasks.map((task) => task.storyId));
  const storyIds = stories.filter((story) => !stoppedBefore.has(story.id)).map((story) => story.id);
  if (storyIds.length > 0) await commitStories(workbench, { conversationId, storyIds, actor: LOCAL_USER, lane });
}

async function wakeAgain({ unitOfWork }: Workbench, taskIds: readonly string[], lane: string): Promise<void> {
  await unitOfWork.transact(async (transaction) => {
    for (const taskId of taskIds) transaction.wake(lane, taskId);
  });
}

interface Following {
  conversationId: string;
  approver: string | null;
  lane: string;
  stopped: AbortSignal;
}

/** Waits until every task has ended or waits for somebody, approving on the way when it was told to. */
async function follow(workbench: Workbench, { conversationId, approver, lane, stopped }: Following): Promise<void> {
  const refused = new Set<string>();
  let lastSeen = '';
  let lastChange = Date.now();
  let firstLook = true;
  for (;;) {
    const tasks = await tasksOf(workbench, conversationId);
    for (const task of tasks) {
      if (approver === null || task.state !== 'in-review' || refused.has(`${task.id} ${task.headSha}`)) continue;
      const pullRequest = (await workbench.unitOfWork.tables.find('pull_requests', { taskId: task.id }, { limit: 1 }))[0];
      if (pullRequest === undefined) continue;
      try {
        await approveTask(workbench.review, { taskId: task.id, actor: approver, lane, headSha: pullRequest.headSha, diffHash: pullRequest.diffHash });
      } catch (error) {
        if (!(error instanceof FactoryError)) throw error;
        refused.add(`${task.id} ${task.headSha}`);
        process.stderr.write(`Task ${task.number}: ${error.message} ${error.fix}\n`);
      }
    }
    // A task that waited when this began gets one chance to move before its waiting counts.
    const settled = !firstLook && tasks.every((task) => isSettled(task, tasks, approver, refused));
    const seen = tasks.map((task) => `${task.state} ${task.updatedAt}`).join();
    if (seen !== lastSeen) [lastSeen, lastChange] = [seen, Date.now()];
    if (settled || stopped.aborted || Date.now() - lastChange > SILENCE_MS) return;
    firstLook = false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function isSettled(task: StoryTaskRow, all: readonly StoryTaskRow[], approver: string | null, refused: ReadonlySet<string>): boolean {
  if (hasEnded(task.state as TaskStatus) || task.paused || task.state === 'blocked') return true;
  if (task.state === 'in-review') return approver === null || refused.has(`${task.id} ${task.headSha}`);
  if (task.waitingKind === 'dependency') {
    const needed = all.filter((other) => task.dependsOn.includes(other.id) && other.state !== 'merged');
    return needed.length > 0 && needed.every((other) => isSettled(other, all, approver, refused));
  }
  return task.waitingKind !== null;
}

async function report(workbench: Workbench, conversationId: string): Promise<CommandResult> {
  const { tables } = workbench.unitOfWork;
  const rows = await tasksOf(workbench, conversationId);
  const pullRequests = await tables.find('pull_requests', { taskId: rows.map((task) => task.id) });
  const runs = await tables.find('task_runs', { taskId: rows.map((task) => task.id), step: 'check' });
  const tasks = rows.map((task) => ({
    id: task.id,
    title: task.title,
    state: task.state,
    branch: task.branch,
    pullRequest: pullRequests.find((pullRequest) => pullRequest.taskId === task.id)?.number ?? null,
    headSha: task.headSha,
    mergedSha: task.mergedSha,
    attempts: Math.max(0, ...runs.filter((run) => run.taskId === task.id).map((run) => run.attempt)),
    waitingFor: waitingFor(task),
  }));
  const stories = await tables.find('stories', { conversationId, status: 'proposed' });
  const started = new Set(rows.map((task) => task.storyId));
  const notStarted = stories.filter((story) => !started.has(story.id)).map((story) => ({ story: story.title, reason: NO_CODE_REASON }));
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

function waitingFor(task: StoryTaskRow): { kind: string; who: string; text: string } | null {
  if (hasEnded(task.state as TaskStatus)) return null;
  if (task.paused) return { kind: 'paused', who: task.requester, text: 'It is paused. Resume it when you want it to go on.' };
  if (task.waitingKind === null) return null;
  return { kind: task.waitingKind, who: task.waitingWho ?? '', text: task.waitingText ?? '' };
}

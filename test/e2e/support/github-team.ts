import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { startGitHub as connect } from '#bots/github/create-github.ts';
import { WEBHOOK_PATH } from '#bots/github/receiving/listen.ts';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { createGitHubBranchChecks } from '#infra/forge/github/branch-checks.ts';
import { createGitHubIssues } from '#infra/forge/github/issues.ts';
import { commitStories } from '#src/backlog/commit-stories.ts';
import { readConversations } from '#src/commands/canvas.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import { projectForRepository } from '#src/desk/projects.ts';
import { chooseConversation, takeIn } from '#src/desk/take-in.ts';
import type { PullRequestRow, StoryTaskRow } from '#src/ledger/rows.ts';
import { approveTask } from '#src/review/review-task.ts';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './talk.ts';

/** A whole workbench with its worker, and one task on the repository `acme/shop` of a stand-in GitHub that tells by webhook. */
export interface GitHubTeam {
  github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  workbench: Workbench;
  taskId: string;
  task(): Promise<StoryTaskRow>;
  pullRequest(): Promise<PullRequestRow>;
  /** Until the task is so. */
  until(isSo: (task: StoryTaskRow) => boolean): Promise<StoryTaskRow>;
  /** Until a review card asks about this very head. */
  untilAsked(headSha: string): Promise<void>;
  /** Ana approves what the card shows now. */
  approve(): Promise<unknown>;
  /** What came of each review card, oldest first; null: it asks. */
  outcomes(): Promise<(string | null)[]>;
}

const HEARD = ['check_run', 'check_suite', 'status', 'pull_request', 'pull_request_review', 'push'];
const SECRET = 'a secret for tests';
const HOUR_MS = 3_600_000;

/** `more`: settings besides, or others. `requester`: who commits the story. */
export async function openGitHubTeam(
  more: Readonly<Record<string, string>> = {},
  requester = 'local',
): Promise<GitHubTeam> {
  const folder = await createTempFolder();
  const github = await startGitHub({ repositories: { 'acme/shop': { files: nodeProject } }, deviceIntervalS: 1 });
  // A repository with a check, so that nothing waits whether one begins.
  github.ci.onPush((branch) => (branch.startsWith('factory/') ? { name: 'build', conclusion: 'success' } : null));
  const token = github.apps.workbench.token().value;
  const settings = {
    WORKBENCH_DATA: `${folder.path}/data`,
    LOG_LEVEL: 'silent',
    APPROVERS: 'ana',
    GITHUB_TOKEN: token,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_URL: github.url,
    GITHUB_CLIENT_ID: github.apps.workbench.clientId,
    ...more,
  };
  const machine = { npmProgram: null, registryHost: null, path: process.env['PATH'] ?? null };
  const workbench = await openWorkbench(loadConfig(settings, folder.path), machine);
  const { unitOfWork } = workbench;
  const tools = workbench.deskTools(FACTORY_LANE);
  const credentials = fixedToken(token);
  const options = { apiUrl: github.apiUrl, webUrl: github.url, credentials };
  const factory = await connect({
    ...tools,
    settings: { webhook: { port: 0, secret: SECRET }, label: 'factory', host: 'github.com', pollEveryMs: HOUR_MS },
    desk: workbench.createDesk(),
    issues: createGitHubIssues(options, workbench.clock),
    branchChecks: createGitHubBranchChecks(options, workbench.clock),
    onTrouble: () => {},
  });
  github.webhookTo(`http://127.0.0.1:${factory.port}${WEBHOOK_PATH}`, { secret: SECRET, events: HEARD });
  const chat = await workbench.startChat();
  const worker = await workbench.startWorker(FACTORY_LANE, { taskIds: 'all' });
  onTestFinished(async () => {
    await github.settled();
    await factory.stop();
    await worker.stop({ forget: false });
    await chat.stop();
    await workbench.close();
    await github.close();
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
  });

  const taskId = await commitOneStory(workbench, folder.path, requester);
  const task = async (): Promise<StoryTaskRow> => {
    const row = await unitOfWork.tables.get('story_tasks', taskId);
    if (row === null) throw new Error('there is no task');
    return row;
  };
  const pullRequest = async (): Promise<PullRequestRow> => {
    const [row] = await unitOfWork.tables.find('pull_requests', { taskId });
    if (row === undefined) throw new Error('there is no pull request');
    return row;
  };
  const until: GitHubTeam['until'] = async (isSo) => {
    let row = await task();
    await waitFor(async () => isSo((row = await task())));
    return row;
  };
  return {
    github,
    workbench,
    taskId,
    task,
    pullRequest,
    until,
    async untilAsked(headSha) {
      await until(({ state, headSha: at }) => state === 'in-review' && at === headSha);
    },
    async approve() {
      const { headSha, diffHash } = await pullRequest();
      return approveTask(workbench.review, { taskId, actor: 'ana', lane: FACTORY_LANE, headSha, diffHash });
    },
    async outcomes() {
      await chat.settle();
      const posts = await tools.posts.thread({ kind: 'task', id: taskId });
      return posts.filter(({ card }) => card.kind === 'review').map(({ card }) => card.outcome);
    },
  };
}

async function commitOneStory(workbench: Workbench, folder: string, actor: string): Promise<string> {
  const file = writeExport(folder, 'one.json', chatgptConversation('Doubling', oneStory));
  const conversation = chooseConversation(await readConversations(folder, file), null);
  const { projectId } = await projectForRepository(workbench, { actor, path: 'github:acme/shop', base: null });
  await takeIn(workbench, { projectId, conversation, fileHash: null, actor });
  const { tables } = workbench.unitOfWork;
  const stories = await tables.find('stories', { conversationId: conversation.id, status: 'proposed' });
  const storyIds = stories.map(({ id }) => id);
  const request = { conversationId: conversation.id, storyIds, actor, lane: FACTORY_LANE, mayWrite: false };
  await commitStories(workbench, request);
  const [task] = await tables.find('story_tasks', { conversationId: conversation.id });
  if (task === undefined) throw new Error('the story did not become a task');
  return task.id;
}

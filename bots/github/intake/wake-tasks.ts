import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { pathOf } from '../github-tools.ts';
import type { GitHubTools } from '../github-tools.ts';
import type { ToldWork } from '../receiving/told-of-work.ts';

/**
 * What GitHub can change something for: checks, review and merge, and a pull request that was closed and is opened again.
 * Everything before is the factory's own work.
 */
const LOOKING: readonly TaskStatus[] = ['checked', 'in-review', 'approved', 'blocked'];

/** Has the tasks whose branches these are look at GitHub themselves. What the delivery said of them is not believed. */
export async function wakeTasks(
  { unitOfWork, lane }: Pick<GitHubTools, 'unitOfWork' | 'lane'>,
  { repository, branches }: ToldWork,
): Promise<void> {
  if (branches.length === 0) return;
  const { tables } = unitOfWork;
  const path = pathOf(repository).toLowerCase();
  const repos = (await tables.find('git_repos', {})).filter((row) => row.path.toLowerCase() === path);
  if (repos.length === 0) return;
  const found = await tables.find('git_branches', { repoId: repos.map(({ id }) => id), name: branches });
  if (found.length === 0) return;
  const ids = found.map(({ taskId }) => taskId);
  const tasks = await tables.find('story_tasks', { id: ids, state: LOOKING, paused: false });
  if (tasks.length === 0) return;
  await unitOfWork.transact(async (transaction) => {
    for (const { id } of tasks) transaction.wake(lane, id);
  });
}

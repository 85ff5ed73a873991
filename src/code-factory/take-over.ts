import { FactoryError } from '#src/errors.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import { controlTask } from './control-task.ts';
import { refuse } from './decide.ts';
import { loadTask } from './run-pass.ts';
import { taskStream } from './task.ts';
import type { Task } from './task.ts';

type Checkout = EventBodies['task.taken-over']['checkout'];

/** How a branch passes into a person's hands and back. */
export interface TakeOverTools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  workspace: Pick<Workspace, 'inspect' | 'refresh' | 'isAncestor'>;
  forge: Pick<Forge, 'branchHead'>;
}

interface Ask {
  taskId: string;
  actor: string;
  lane: string;
}

/** A person works on the branch from here on; what runs for the task ends within half a second. */
export async function takeOverTask(tools: TakeOverTools, ask: Ask): Promise<Task> {
  const { unitOfWork, workspace } = tools;
  const { task, repo, forge } = await mustFind(tools, ask.taskId);
  const checkout: Checkout =
    forge !== 'local' ? 'remote' : (await workspace.inspect(repo.path, repo.baseBranch)).bare ? 'clone' : 'in-place';
  const take = () => controlTask(tools, { ...ask, command: { type: 'take-over', checkout } });
  if (task.status !== 'approved') return take();
  // Whoever holds the task's lock may be at its merge, which cannot be taken back.
  const alone = await unitOfWork.withLock(taskStream(task.taskId), take);
  if (alone.ran) return alone.value;
  refuse('being-merged', `Task ${task.number} is being merged just now.`, 'Look at its card in a moment.');
}

/**
 * Goes on from what the person left on the branch. Throws FactoryError, and changes nothing, when the branch is gone,
 * has work in it that is not committed, or does not build on where it began.
 */
export async function handBackTask(tools: TakeOverTools, ask: Ask): Promise<Task> {
  const { workspace, forge } = tools;
  const { task, repo } = await mustFind(tools, ask.taskId);
  const { branch, number } = task;
  if (task.status !== 'taken-over' || branch === null)
    refuse('not-taken-over', `Nobody has taken task ${number} over.`, 'Say take over to work on it yourself.');
  const headSha = await forge.branchHead(repo, branch.name);
  if (headSha === null)
    refuse('branch-gone', `The branch ${branch.name} is not there any more.`, 'Push it again, or stop the task.');
  if (headSha !== task.headSha) {
    await workspace.refresh(repo);
    if (!(await workspace.isAncestor(repo, branch.baseSha, headSha))) {
      const base = branch.baseSha.slice(0, 7);
      refuse(
        'not-based-on-branch',
        `The branch ${branch.name} does not build on ${base} any more, where task ${number} began.`,
        `Put the work on top of ${base}, then say hand back again. Or stop the task.`,
      );
    }
  }
  return controlTask(tools, { ...ask, command: { type: 'hand-back', headSha } });
}

async function mustFind(
  { unitOfWork }: Pick<TakeOverTools, 'unitOfWork'>,
  taskId: string,
): Promise<{ task: Task; repo: RepositoryRef; forge: string }> {
  const task = await loadTask(unitOfWork, taskId);
  const row = task === null ? null : await unitOfWork.tables.get('git_repos', task.repoId);
  if (task !== null && row !== null) {
    return { task, repo: { id: row.id, path: row.path, baseBranch: row.baseBranch }, forge: row.forge };
  }
  throw new FactoryError('no-such-task', 'This task is not here any more.', {
    fix: 'Look at the backlog for the tasks that exist.',
  });
}

/** The exact commands that put the branch before a person, one a line. */
export function checkoutCommands(
  checkout: Checkout,
  { path, branch, number }: { path: string; branch: string; number: number },
): string[] {
  switch (checkout) {
    case 'in-place':
      return [`git -C ${quoted(path)} switch ${branch}`];
    case 'clone':
      return [`git clone --branch ${branch} ${quoted(path)} task-${number}`, `cd task-${number}`];
    case 'remote':
      return [`git fetch origin ${branch}`, `git switch ${branch}`];
  }
}

/** What to do with the work so that it can be handed back. */
export function handBackAdvice(checkout: Checkout): string {
  return checkout === 'in-place'
    ? 'Commit your changes there, then say **hand back**.'
    : 'Commit your changes and push them (`git push`), then say **hand back**.';
}

/** As a shell takes it, whatever is in it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

import { decideOnTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { changesAsked } from './changes-asked.ts';
import { decideReview } from './decide.ts';
import type { ApprovalRights } from './rights.ts';

const HOUR_MS = 3_600_000;
/** Of a reason; a note is two lines. */
const MAX_REMEMBERED_CHARACTERS = 300;

export interface ReviewDependencies {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
  forge: Pick<Forge, 'closePullRequest'>;
  /** Who may approve this task, read now. */
  rightsFor(task: Task): Promise<ApprovalRights>;
  approvalExpiryHours: number;
}

interface Ask {
  taskId: string;
  actor: string;
  lane: string;
}

/** A person's yes to exactly what their card showed. Throws FactoryError when it may not act. */
export async function approveTask(
  dependencies: ReviewDependencies,
  ask: Ask & { headSha: string; diffHash: string },
): Promise<Task> {
  const rights = await dependencies.rightsFor(await mustLoad(dependencies, ask.taskId));
  const expiresAt = new Date(
    dependencies.clock.now().getTime() + dependencies.approvalExpiryHours * HOUR_MS,
  ).toISOString();
  const approvalId = dependencies.ids.next();
  return decideOnTask(dependencies, {
    ...ask,
    decide: (task, meta) =>
      decideReview(
        {
          type: 'approve',
          approvalId,
          actor: ask.actor,
          headSha: ask.headSha,
          diffHash: ask.diffHash,
          expiresAt,
          rights,
        },
        task,
        meta,
      ),
  });
}

/** A person wants something else. Without a model that mends (`mend`) only new code helps, so the task waits for it. */
export async function requestChanges(
  dependencies: ReviewDependencies,
  { mend, ...ask }: Ask & { comment: string; mend: boolean },
): Promise<Task> {
  const before = await mustLoad(dependencies, ask.taskId);
  const rights = await dependencies.rightsFor(before);
  const { comment, blocker } = changesAsked(before, { ...ask, mend });
  return decideOnTask(dependencies, {
    ...ask,
    artifacts: [comment, blocker],
    decide: (task, meta) =>
      decideReview(
        { type: 'request-changes', actor: ask.actor, comment: comment.hash, blocker: blocker.hash, rights },
        task,
        meta,
      ),
  });
}

/** A person's no: the pull request is closed, the branch stays for whoever wants to look, and why is remembered. */
export async function rejectTask(
  dependencies: ReviewDependencies,
  ask: Ask & { reason: string | null },
): Promise<Task> {
  const before = await mustLoad(dependencies, ask.taskId);
  const rights = await dependencies.rightsFor(before);
  const said = ask.reason?.trim() ?? '';
  const title = (await dependencies.unitOfWork.tables.get('story_tasks', ask.taskId))?.title ?? `task ${before.number}`;
  const kept =
    said === ''
      ? null
      : {
          reason: textArtifact('comment', 'text/plain', said),
          note: textArtifact('memory-note', 'text/markdown', rejectionNote({ title, by: ask.actor, said })),
        };
  const words = kept === null ? { reason: null } : { reason: kept.reason.hash, memoryNote: kept.note.hash };
  const rejected = await decideOnTask(dependencies, {
    ...ask,
    artifacts: kept === null ? [] : [kept.reason, kept.note],
    decide: (task, meta) => decideReview({ type: 'reject', actor: ask.actor, ...words, rights }, task, meta),
  });
  // Only now: had somebody approved meanwhile, their pull request would be closed under them.
  await closePullRequest(dependencies, rejected);
  return rejected;
}

/** Two lines for later runs, as after a merge: what came of it, and what to remember. */
function rejectionNote({ title, by, said }: { title: string; by: string; said: string }): string {
  const oneLine = said.replaceAll(/\s+/g, ' ').slice(0, MAX_REMEMBERED_CHARACTERS);
  return `Turned down by ${by}: "${title}".\nRemember: ${oneLine}\n`;
}

/** Closing twice is harmless. Throws FactoryError `pull-request-merged` when it is too late. */
export async function closePullRequest(
  { unitOfWork, forge }: Pick<ReviewDependencies, 'unitOfWork' | 'forge'>,
  task: Task,
): Promise<void> {
  if (task.pullRequest === null) return;
  const repo = await unitOfWork.tables.get('git_repos', task.repoId);
  if (repo !== null)
    await forge.closePullRequest({ id: repo.id, path: repo.path, baseBranch: repo.baseBranch }, task.pullRequest);
}

async function mustLoad({ unitOfWork }: Pick<ReviewDependencies, 'unitOfWork'>, taskId: string): Promise<Task> {
  const task = await loadTask(unitOfWork, taskId);
  if (task === null)
    throw new FactoryError('no-such-task', 'This task is not here any more.', {
      fix: 'Look at the backlog for the tasks that exist.',
    });
  return task;
}

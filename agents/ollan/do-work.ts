import { editsOf } from '#src/backlog/task-brief.ts';
import { isFor } from '#src/code-factory/addressed.ts';
import type { Reverts } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { addLockedTests } from './add-locked-tests.ts';
import { branchMoved } from './branch-moved.ts';
import { bringChangeSet } from './bring-change-set.ts';
import { builtWithoutModel } from './build-job.ts';
import type { BuildJob, Built } from './build-job.ts';
import { chooseWork } from './choose-work.ts';
import type { Work } from './choose-work.ts';
import { canBuildOn, needsMending } from './last-build.ts';
import { revertMerged } from './revert-merged.ts';
import { takeUp } from './take-up.ts';
import { writeWithModel } from './write-with-model.ts';

const PASTE =
  'Paste a corrected version into this thread, with the name of its file; it is tried at once. Or take over.';

/** Makes the commits of one build. Nothing is pushed yet. */
export async function doWork(job: BuildJob, thinking: ThinkDependencies | null): Promise<Built> {
  const { context, branch, lockedSha, last, tools, repo } = job;
  const { task } = context;
  const work = workFor(job, thinking !== null);
  const usable = last !== null && (await canBuildOn(tools, repo, last, lockedSha)) ? last.packet : null;
  switch (work) {
    case 'revert':
      return revertMerged(job, task.reverts ?? notARevert());
    case 'take-up':
      return handedBack(job);
    case 'keep':
      return keep(job);
    case 'apply': {
      if (task.reverts !== null) return changeRevert(job, task.reverts, usable);
      const onTop = usable !== null && (usable.model !== null || usable.handedBackBy !== null) ? usable : null;
      const brought = await bring(job, onTop?.headSha ?? lockedSha, onTop !== null);
      return builtWithoutModel(brought, { model: onTop?.model ?? null, handedBackBy: onTop?.handedBackBy ?? null });
    }
    case 'write': {
      if (thinking === null) throw noCode(job);
      if (usable !== null) {
        const built = await writeWithModel(job, usable.headSha, thinking);
        return { ...built, handedBackBy: usable.handedBackBy };
      }
      const fromSha = hasCode(job) ? (await bring(job, lockedSha, false)).headSha : lockedSha;
      return writeWithModel(job, fromSha, thinking);
    }
    case 'moved':
      throw branchMoved(branch.name, task.headSha);
    case 'same-again':
      throw sameAgain(job);
    case 'no-code':
      throw noCode(job);
  }
}

function workFor(job: BuildJob, hasModel: boolean): Work {
  const { context, last } = job;
  const { task } = context;
  return chooseWork({
    isRevert: task.reverts !== null,
    handedBack: task.handedBack !== null,
    attempt: task.attempt,
    // Without a model a change set of tests alone is still brought in; with one, it is what the code has to satisfy.
    hasCode: hasModel ? hasCode(job) : editsOf(job.brief).length > 0,
    hasModel,
    last:
      last === null
        ? null
        : {
            sameCode: last.packet.revision === task.artifacts.revision,
            byPerson: last.packet.handedBackBy !== null,
            // What a person said since, a model can take up; without one nobody could.
            needsMending:
              needsMending(last) ||
              (hasModel && task.steering.some(({ to, heard }) => !heard && isFor('ollan', to, task))),
            moved: task.headSha !== last.packet.headSha,
          },
  });
}

function hasCode({ brief }: BuildJob): boolean {
  return editsOf(brief).some(({ isTest }) => !isTest);
}

function bring(job: BuildJob, fromSha: string, onTopOfWork: boolean) {
  const { tools, context, repo, brief, branch, policy, credit } = job;
  const at = context.task.committedAt;
  return bringChangeSet(
    tools,
    { repo, brief, fromSha, baseSha: branch.baseSha, onTopOfWork, at, policy, credit },
    context.signal,
  );
}

/** What somebody pasted comes on top: without the revert below it, the change would stand again. */
async function changeRevert(job: BuildJob, reverts: Reverts, last: BuildResultPacket | null): Promise<Built> {
  const fromSha = last?.headSha ?? (await revertMerged(job, reverts)).work.headSha;
  const { summary = null, handedBackBy = null } = last ?? {};
  return builtWithoutModel(await bring(job, fromSha, true), { summary, handedBackBy });
}

function notARevert(): never {
  throw new Error('only a task that takes a merged change back is a revert');
}

async function handedBack(job: BuildJob): Promise<Built> {
  const { tools, context, repo, branch, policy } = job;
  const { by, headSha } = context.task.handedBack ?? { by: '', headSha: '' };
  const taken = await takeUp(tools, repo, { headSha, baseSha: branch.baseSha, policy });
  const work = await addLockedTests(job, taken);
  return builtWithoutModel(work, { summary: `${by}'s own work, handed back.`, handedBackBy: by });
}

/** What stands is told again, for the line goes through it once more. */
function keep({ last }: BuildJob): Built {
  if (last === null) throw new Error('without a last build there is nothing to keep');
  const { headSha, summary, model, cleanUp, handedBackBy, packArtifact } = last.packet;
  const work = { headSha, commits: [], findings: [] };
  return builtWithoutModel(work, { summary, model, cleanUp, handedBackBy, packArtifact });
}

/** Another attempt at the same code would end as this one did, so a person is asked at once. */
function sameAgain({ last }: BuildJob): FactoryError {
  const finding = last?.verdict?.findings[0]?.text ?? 'its checks fail.';
  const whose = last?.packet.handedBackBy ?? null;
  const what = whose === null ? 'Another attempt would bring the same code again' : `What ${whose} handed back fails`;
  return new FactoryError('same-code-again', `${what}: ${finding}`, { fix: PASTE });
}

function noCode({ brief, context }: BuildJob): FactoryError {
  if (context.task.reverts !== null) {
    return new FactoryError('no-code', 'Nobody writes a revert, so another go would bring the same again.', {
      fix: 'Paste what should be different, with the name of its file, or take the task over.',
    });
  }
  return new FactoryError(
    'no-code',
    `The conversation holds no code for "${brief.title}", and no model is used here.`,
    {
      fix: 'Paste the code into this thread, with the name of its file, have OPENAI_MODEL set, or take the task over.',
    },
  );
}

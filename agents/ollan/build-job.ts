import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { HostFile, ImportedWork, ImportPolicy, RepositoryRef } from '#src/ports/workspace.ts';
import type { StepTools } from '../tools/step-tools.ts';
import type { LastBuild } from './last-build.ts';

/** All that one build is made from. */
export interface BuildJob {
  tools: StepTools;
  context: StepContext;
  repo: RepositoryRef;
  brief: TaskBrief;
  plan: PlanPacket;
  lock: BehaviourLockPacket;
  branch: { branchId: string; name: string; baseSha: string };
  /** What the branch has before any code: the locked tests, or the base. */
  lockedSha: string;
  policy: ImportPolicy;
  /** What ends the messages of its commits: who asked for them; see `coAuthorTrailer`. */
  credit: string;
  /** What the host did to protected files before this build. */
  hostFiles: readonly HostFile[];
  /** null: nothing was built in this run yet. */
  last: LastBuild | null;
}

/** What a build came to, whoever wrote it. */
export interface Built
  extends Pick<BuildResultPacket, 'summary' | 'model' | 'cleanUp' | 'handedBackBy' | 'packArtifact'> {
  work: ImportedWork;
  /** What the model wants a reviewer to know. */
  notes: readonly string[];
  /** Locked tests that a check wrote to; the commits hold them as they were locked. */
  rewrittenTests: readonly string[];
  /** Files that were written and that .gitignore keeps out. */
  ignored: readonly string[];
  artifacts: readonly Artifact[];
}

/** A build that no model had a part in. */
export function builtWithoutModel(work: ImportedWork, more: Partial<Built> = {}): Built {
  return {
    work,
    summary: null,
    model: null,
    cleanUp: null,
    handedBackBy: null,
    notes: [],
    rewrittenTests: [],
    ignored: [],
    packArtifact: null,
    artifacts: [],
    ...more,
  };
}

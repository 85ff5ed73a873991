import type { StepContext } from '#src/code-factory/step.ts';
import { BlockerPacket } from '#src/packets/blocker.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { readPacket } from '../tools/packet-header.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** What the build before this one left in the same run, and what was said of it. */
export interface LastBuild {
  packet: BuildResultPacket;
  /** The verdict on exactly that head; null: there is none. */
  verdict: QaResultPacket | null;
  /** Why a person or the merge sent the work back; null: nobody did since it was last up for review. */
  sentBack: BlockerPacket | null;
  /** This build came after that, and took it up. */
  isTakenUp: boolean;
}

/** null: nothing was built in this run yet. */
export async function readLastBuild(context: StepContext): Promise<LastBuild | null> {
  const { build, qa } = context.task.artifacts;
  if (build === null) return null;
  const packet = await readPacket(context, build, 'build result', BuildResultPacket);
  const verdict = qa === null ? null : await readPacket(context, qa, 'verdict', QaResultPacket);
  const { sentBack } = context.task;
  const said = sentBack === null ? null : BlockerPacket.safeParse(await context.artifact(sentBack.artifact));
  return {
    packet,
    verdict: verdict?.headSha === packet.headSha ? verdict : null,
    sentBack: said?.data ?? null,
    isTakenUp: sentBack?.isTakenUp ?? false,
  };
}

/** Its checks failed, or somebody sent it back. */
export function needsMending({ verdict, sentBack, isTakenUp }: LastBuild): boolean {
  return verdict?.outcome === 'failed' || (sentBack !== null && !isTakenUp);
}

/** Whether the last build can be built upon: it is a person's, or it stands on the tests that are locked now. */
export async function canBuildOn(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  last: LastBuild,
  lockedSha: string,
): Promise<boolean> {
  if (last.packet.handedBackBy !== null) return true;
  try {
    return await tools.workspace.isAncestor(repo, lockedSha, last.packet.headSha);
  } catch {
    // The mirror does not hold it any more.
    return false;
  }
}

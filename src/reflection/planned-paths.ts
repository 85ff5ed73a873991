import * as z from 'zod';
import { contentOf } from '#src/ledger/artifact.ts';
import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import type { TaskHistory } from './task-history.ts';

/** What is read of a PlanPacket. */
const planContent = z.object({ fileTargets: z.array(z.object({ path: z.string() })) });

/** The files that a task's first plan names; null: it has none, or its words were erased. */
export async function plannedPathsOf(
  { planArtifact }: Pick<TaskHistory, 'planArtifact'>,
  artifacts: ArtifactReader,
): Promise<string[] | null> {
  const kept = planArtifact === null ? null : await artifacts.get(planArtifact);
  const plan = kept === null ? null : planContent.safeParse(contentOf(kept)).data;
  return plan == null ? null : plan.fileTargets.map(({ path }) => path);
}

import type { StepContext } from '#src/code-factory/step.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { readBrief } from '../tools/brief.ts';
import { writeMemoryNote } from './memory-note.ts';

/** What the next run should remember of this merge. */
export async function noteMerge(context: StepContext, mergedSha: string): Promise<Artifact> {
  const brief = await readBrief(context);
  const files = await builtFiles(context);
  return textArtifact('memory-note', 'text/markdown', writeMemoryNote(context.task, brief, mergedSha, files));
}

/** For the note alone: a merge that is done is recorded whether or not the build can still be read. */
async function builtFiles({ task, artifact }: StepContext): Promise<string[]> {
  if (task.artifacts.build === null) return [];
  const build = BuildResultPacket.safeParse(await artifact(task.artifacts.build).catch(() => null));
  if (!build.success) return [];
  const own = new Set(build.data.hostFiles.map(({ path }) => path));
  return build.data.files.flatMap(({ path }) => (own.has(path) ? [] : [path]));
}

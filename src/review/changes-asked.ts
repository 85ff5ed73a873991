import type { Task } from '#src/code-factory/task.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';

/** What a reviewer asks for, as it is kept and as whoever mends it reads it. `mend`: a model takes it up. */
export function changesAsked(
  task: Task,
  { actor, comment, mend }: { actor: string; comment: string; mend: boolean },
): { comment: Artifact; blocker: Artifact } {
  const blocker = {
    version: 1,
    type: 'blocker',
    taskId: task.taskId,
    runId: task.run?.runId ?? task.taskId,
    attempt: task.attempt,
    from: 'tess',
    to: 'person',
    code: 'changes-requested',
    reason: `${actor} asks for changes: ${comment}`,
    fix: mend
      ? 'Ollan takes it up. Say more in this thread if it helps, or say take over to do it yourself.'
      : 'Paste the changed code into this thread, with the name of its file; it is tried at once. Or take the branch yourself.',
    findings: [],
  } satisfies BlockerPacket;
  return { comment: textArtifact('comment', 'text/plain', comment), blocker: jsonArtifact('packet', blocker) };
}

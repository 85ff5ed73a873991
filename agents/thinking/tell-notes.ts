import { taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import { modelWords } from '../tools/model-words.ts';
import type { StepTools } from '../tools/step-tools.ts';
import type { ThinkDependencies } from './assignment.ts';

/** More is a list that nobody reads; the others are counted. */
const MAX_NOTES = 12;
const MAX_NAMES = 5;

/**
 * What a packet tells of the model's part in its step. What lasts (what its server lacks, what stands in a text) is told
 * once in a task: not again where a packet of the task told it before.
 */
export async function modelNotesOf(
  tools: Pick<StepTools, 'unitOfWork'>,
  { taskId }: Pick<Task, 'taskId'>,
  { calls, notes }: Pick<ThinkDependencies, 'calls' | 'notes'>,
): Promise<string[]> {
  const lacks = calls.shortcomings().map((shortcoming) => `${calls.model}: ${shortcoming}`);
  const lasting = [...lacks, ...(notes?.suspicious() ?? [])].map((sentence) => modelWords(sentence));
  const told = lasting.length === 0 ? new Set<string>() : await toldBefore(tools, taskId);
  const fresh = [...refusals(notes?.refusedTools() ?? []), ...lasting.filter((sentence) => !told.has(sentence))];
  const left = fresh.length - MAX_NOTES;
  return left > 0 ? [...fresh.slice(0, MAX_NOTES), `And ${left} more of the kind.`] : fresh;
}

function refusals(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const kinds = [...new Set(names)];
  const more = kinds.length > MAX_NAMES ? ` and ${kinds.length - MAX_NAMES} more` : '';
  const times = names.length === 1 ? 'once' : `${names.length} times`;
  const which = kinds.slice(0, MAX_NAMES).join(', ');
  return [modelWords(`It asked ${times} for a tool that it may not use, and did not get it: ${which}${more}.`)];
}

async function toldBefore({ unitOfWork }: Pick<StepTools, 'unitOfWork'>, taskId: string): Promise<Set<string>> {
  const told = new Set<string>();
  for (const { artifact } of await unitOfWork.ledger.stream(taskStream(taskId))) {
    const kept = artifact === null ? null : await unitOfWork.artifacts.get(artifact);
    if (kept?.kind !== 'packet') continue;
    const packet = AnyPacket.safeParse(contentOf(kept));
    if (packet.success && 'modelNotes' in packet.data) for (const note of packet.data.modelNotes) told.add(note);
  }
  return told;
}

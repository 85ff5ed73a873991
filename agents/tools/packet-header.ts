import type * as z from 'zod';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { PacketHeader } from '#src/packets/packet.ts';

/** The header of a packet of this task's current run. */
export function packetHeaderOf(task: Task, from: PacketHeader['from'], to: PacketHeader['to']): PacketHeader {
  if (task.run === null)
    throw new FactoryError('no-run', `Task ${task.number} has no run.`, {
      fix: 'This is a fault of the workbench; the task keeps its state.',
      isOwnFault: true,
    });
  return { version: 1, taskId: task.taskId, runId: task.run.runId, attempt: task.attempt, from, to };
}

/** Reads a packet or other artifact that an earlier step must have left. */
export function requireHash(hash: string | null, what: string): string {
  if (hash === null)
    throw new FactoryError('missing-packet', `The ${what} of this task is missing.`, {
      fix: 'Stop the task and commit its story again.',
    });
  return hash;
}

/**
 * Reads what a colleague handed on. A packet counts only in the task and the run that it was written for: throws
 * FactoryError `foreign-packet` for any other, whoever put it there.
 */
export async function readPacket<T extends PacketHeader>(
  { task, artifact }: Pick<StepContext, 'task' | 'artifact'>,
  hash: string | null,
  what: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const packet = schema.parse(await artifact(requireHash(hash, what)));
  if (packet.taskId === task.taskId && packet.runId === task.run?.runId) return packet;
  throw new FactoryError('foreign-packet', `The ${what} was written for another task or run, so it was not used.`, {
    fix: 'Stop the task and commit its story again.',
  });
}

import { checkQueues } from '#bots/queue-file/check-queues.ts';
import { startQueueFile } from '#bots/queue-file/create-queue-file.ts';
import type { QueueFileDependencies } from '#bots/queue-file/create-queue-file.ts';
import { createQueueFiles } from '#infra/queue-file/queue-files.ts';
import type { CheckView } from '../desk/desk.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Opened } from './keep-opened.ts';

/** Queues in the folders that projects work on. */
export function openQueueFile(deps: Omit<QueueFileDependencies, 'files'>): Opened {
  return startQueueFile({ ...deps, files: createQueueFiles() });
}

export function checkQueueFiles({ tables }: Pick<UnitOfWork, 'tables'>): Promise<CheckView[]> {
  return checkQueues(createQueueFiles(), tables);
}

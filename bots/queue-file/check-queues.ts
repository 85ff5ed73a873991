import type { CheckView } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';
import { readQueue } from '#src/intake/queue-file/read-queue.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import type { QueueFiles } from '#src/ports/queue-file.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import { boundFolders } from './queue-tools.ts';
import type { BoundFolder } from './queue-tools.ts';

/** What is wrong with the queues of bound folders; of those that are well nothing is said. */
export async function checkQueues(files: QueueFiles, tables: Pick<TableReader, 'find'>): Promise<CheckView[]> {
  const checks: CheckView[] = [];
  for (const folder of await boundFolders(tables)) checks.push(...(await checkQueue(files, folder)));
  return checks;
}

async function checkQueue(files: QueueFiles, folder: BoundFolder): Promise<CheckView[]> {
  const warning = (detail: string, fix: string): CheckView[] => [
    { name: `queue of ${folder.path}`, state: 'warning', detail, fix },
  ];
  try {
    const read = (await files.stamp(folder)) === null ? null : await files.read(folder);
    const problems = read === null ? [] : readQueue(read.text).problems;
    if (problems.length === 0) return [];
    return warning(`${QUEUE_FILE} ${problems.join('; ')}.`, 'Correct these entries; the others are read.');
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    return warning(error.message, error.fix);
  }
}

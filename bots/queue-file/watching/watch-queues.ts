import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import { readQueue } from '#src/intake/queue-file/read-queue.ts';
import type { QueueEntry } from '#src/intake/queue-file/read-queue.ts';
import type { Clock } from '#src/ports/clock.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import { isOurs } from '../entry-status.ts';
import { boundFolders, entryAt } from '../queue-tools.ts';
import type { BoundFolder, QueueTools } from '../queue-tools.ts';
import type { ToldEntry } from '../taking/take-entry.ts';
import { wordsOf } from '../taking/entry-words.ts';

/** One `lstat` a folder; somebody who saved the file looks up again about then. */
const LOOK_EVERY_MS = 2_000;

export interface WatchTools extends Pick<QueueTools, 'files' | 'unitOfWork' | 'log'> {
  accept: (told: ToldEntry) => Promise<void>;
  /** Told each time that a queue could be read, or could not: then with sentences for its author. */
  tell: (folder: BoundFolder, problems: readonly string[]) => Promise<void>;
  clock: Clock;
}

/**
 * Looks at the queues of the bound folders, and accepts each entry that is other than before like a delivery, so that it
 * counts once. Files are looked at by their times: notices of the system get lost, and differ between systems.
 */
export function watchQueues(tools: WatchTools): Rounds {
  const { files, unitOfWork, log } = tools;
  const stamps = new Map<string, string>();
  /** What was last accepted, by entry. */
  const accepted = new Map<string, Map<string, string>>();

  const lookAt = async (folder: BoundFolder): Promise<void> => {
    const stamp = await files.stamp(folder);
    if (stamp === null || stamps.get(folder.path) === stamp) return;
    const read = await files.read(folder);
    if (read === null) return;
    const { entries, problems } = readQueue(read.text);
    const before = accepted.get(folder.path) ?? new Map<string, string>();
    const now = new Map(entries.map((entry) => [entry.id, digestOf(entry)]));
    for (const id of await knownIds(tools, folder)) if (!now.has(id)) now.set(id, 'not read');
    const at = tools.clock.now().toISOString();
    for (const [id, digest] of now) {
      if (before.get(id) === digest) continue;
      const seen = createHash('sha256').update(`${read.stamp} ${digest}`).digest('hex').slice(0, 32);
      await tools.accept({ key: `queue-file:${folder.path}#${id}@${seen}`, path: folder.path, id, at });
    }
    accepted.set(folder.path, now);
    await tools.tell(
      folder,
      problems.map((problem) => `${QUEUE_FILE} ${problem}.`),
    );
    stamps.set(folder.path, read.stamp);
  };

  return keepGoing({
    everyMs: LOOK_EVERY_MS,
    async round() {
      for (const folder of await boundFolders(unitOfWork.tables)) {
        try {
          await lookAt(folder);
        } catch (error) {
          if (!(error instanceof FactoryError)) throw error;
          // It says the same until somebody saves it.
          const stamp = error.code.startsWith('queue-file-') ? await files.stamp(folder) : null;
          if (stamp !== null) stamps.set(folder.path, stamp);
          await tools.tell(folder, [`${error.message} ${error.fix}`]);
        }
      }
    },
    onError: (error) => log.error({ surface: 'queue-file', error: String(error) }, 'queues could not be looked at'),
  });
}

/** Of what counts for the conversation; what the factory writes back does not. */
function digestOf(entry: QueueEntry): string {
  return createHash('sha256')
    .update(`${isOurs(entry)} ${wordsOf(entry)}`)
    .digest('hex');
}

async function knownIds({ unitOfWork }: Pick<QueueTools, 'unitOfWork'>, { path }: BoundFolder): Promise<string[]> {
  const joined = await unitOfWork.tables.find('chat_threads', { surface: 'queue-file', channel: path });
  return joined.map((row) => entryAt(row).id);
}

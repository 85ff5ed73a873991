import { isDeepStrictEqual } from 'node:util';
import { FactoryError } from '#src/errors.ts';
import { editQueue } from '#src/intake/queue-file/edit-queue.ts';
import type { EntryFields } from '#src/intake/queue-file/edit-queue.ts';
import { readQueue } from '#src/intake/queue-file/read-queue.ts';
import type { QueueEntry } from '#src/intake/queue-file/read-queue.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import { isOurs } from '../entry-status.ts';
import type { EntryState } from '../entry-status.ts';
import { boundFolders } from '../queue-tools.ts';
import type { BoundFolder, QueueTools } from '../queue-tools.ts';
import { readStates } from './read-states.ts';

/** In case nobody says that something changed. */
const EVERY_MS = 30_000;
/** Somebody who saves all the time gets their say; the next round tries again. */
const TRIES = 3;

/**
 * Keeps `status` and `lastRun` of the entries up to what came of them. What stands in the file decides whether they may
 * be written at all: an entry that is gone is not put back, and a person's own `status` stays.
 */
export function keepWritingBack(tools: Pick<QueueTools, 'files' | 'unitOfWork' | 'log'>): Rounds {
  const { unitOfWork, log } = tools;
  const round = async (): Promise<void> => {
    for (const folder of await boundFolders(unitOfWork.tables)) {
      try {
        await writeBack(tools, folder);
      } catch (error) {
        if (!(error instanceof FactoryError)) throw error;
        // Its author is told by whoever reads it.
        log.debug({ surface: 'queue-file', code: error.code }, 'a queue cannot be written to');
      }
    }
  };
  return keepGoing({
    everyMs: EVERY_MS,
    round: async () => void (await unitOfWork.withLock('surface:queue-file', round)),
    onError: (error) => log.error({ surface: 'queue-file', error: String(error) }, 'a queue could not be written back'),
  });
}

async function writeBack({ files, unitOfWork }: Pick<QueueTools, 'files' | 'unitOfWork'>, folder: BoundFolder) {
  if ((await files.stamp(folder)) === null) return;
  const states = await readStates({ unitOfWork }, folder.path);
  if (states.size === 0) return;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const read = await files.read(folder);
    if (read === null) return;
    const fields = fieldsFor(readQueue(read.text).entries, states);
    if (fields.size === 0 || (await files.replace(folder, read, editQueue(read.text, fields)))) return;
  }
}

function fieldsFor(entries: readonly QueueEntry[], states: ReadonlyMap<string, EntryState>): Map<string, EntryFields> {
  const fields = new Map<string, EntryFields>();
  for (const entry of entries) {
    const state = states.get(entry.id);
    if (state === undefined || !isOurs(entry)) continue;
    // Without a run of ours what is there stays, unless it is our own question.
    const lastRun = state.lastRun ?? (hasQuestions(entry) ? null : entry.lastRun);
    const isNew = !isDeepStrictEqual(entry.lastRun, lastRun);
    if (entry.status === state.status && !isNew) continue;
    fields.set(entry.id, { status: state.status, ...(isNew ? { lastRun } : {}) });
  }
  return fields;
}

function hasQuestions({ status }: QueueEntry): boolean {
  return status === ('needs-answers' satisfies EntryState['status']);
}

import { stat } from 'node:fs/promises';
import type { LedgerAnchor } from '#src/ledger/anchor.ts';
import type { Clock } from '#src/ports/clock.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { LedgerReader } from '#src/ports/unit-of-work.ts';
import { appendAnchor, readAnchors } from './anchor-file.ts';

/** What was appended since the last note can be rewritten unseen; a line an hour is a megabyte a year. */
const EVERY_MS = 60 * 60_000;

export interface AnchorKeeper {
  /** Those that were noted so far; none where the file is not there yet. */
  read(): Promise<LedgerAnchor[]>;
  /** Notes the head of the ledger now, every hour in which it moved, and once more at the end. */
  start(): { stop(): Promise<void> };
}

/** Notes heads of the ledger in a file outside of its database. A ledger that was rewritten whole then shows. */
export function createAnchorKeeper(options: {
  file: string;
  ledger: Pick<LedgerReader, 'head'>;
  clock: Clock;
  log: Log;
}): AnchorKeeper {
  const { file, ledger, clock, log } = options;
  const read = async () => ((await isThere(file)) ? readAnchors(file) : []);
  let noted = 0;

  const note = async (): Promise<void> => {
    const head = await ledger.head();
    if (head.seq <= noted) return;
    await appendAnchor(file, { at: clock.now().toISOString(), ...head });
    noted = head.seq;
  };
  const onError = (error: unknown) => log.warn({ file, error: String(error) }, 'the head of the ledger was not noted');
  return {
    read,
    start() {
      const rounds = keepGoing({ everyMs: EVERY_MS, round: note, onError });
      return {
        async stop() {
          await rounds.stop();
          await note().catch(onError);
        },
      };
    },
  };
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { FactoryError } from '#src/errors.ts';
import { anchorLine, parseAnchor } from '#src/ledger/anchor.ts';
import type { LedgerAnchor } from '#src/ledger/anchor.ts';

/** Reads a file of anchors, one a line. FactoryError `anchor-file-unreadable`: a line that cannot be read proves nothing. */
export async function readAnchors(file: string): Promise<LedgerAnchor[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, `it cannot be read (${error.code ?? error.message})`, error);
  });
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const anchor = parseAnchor(line);
    if (anchor === null) throw unreadable(file, `line ${index + 1} is no anchor`);
    return [anchor];
  });
}

/** Appends in one write, so that processes that note at once do not mix their lines. */
export async function appendAnchor(file: string, anchor: LedgerAnchor): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, `${anchorLine(anchor)}\n`, { mode: 0o600 });
}

function unreadable(file: string, why: string, cause?: unknown): FactoryError {
  return new FactoryError('anchor-file-unreadable', `${file} holds no anchors of the ledger: ${why}.`, {
    fix: 'Anchors are lines as "ledger anchor" prints them: TIME SEQ:HASH. Take the line out only if you know how it came there.',
    cause,
  });
}

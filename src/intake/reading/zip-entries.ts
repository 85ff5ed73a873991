import { crc32 } from 'node:zlib';
import { Inflate } from 'fflate';
import type { FileSource } from '../file-source.ts';
import { type ByteCursor, createByteCursor } from './byte-cursor.ts';
import { refusals } from './refusals.ts';
import type { ZipEntry } from './zip-directory.ts';

const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** Deflate can grow a piece 1,032-fold, so this bounds what one step unpacks to about 16 MiB. */
const PACKED_PIECE_BYTES = 16_384;

export interface OpenedEntry {
  entry: ZipEntry;
  /** Unpacks as it is read; may be left before its end. Throws FactoryError `corrupt-zip`. */
  bytes: AsyncIterable<Uint8Array>;
}

async function* packedPieces(cursor: ByteCursor, file: string, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let left = entry.packedBytes;
  while (left > 0) {
    const piece = await cursor.next(Math.min(left, PACKED_PIECE_BYTES));
    if (piece === null) throw refusals.corruptZip(file, `${entry.name} stops before its end.`);
    left -= piece.byteLength;
    yield piece;
  }
}

async function* unpack(
  cursor: ByteCursor,
  file: string,
  entry: ZipEntry,
  endOffset: number,
): AsyncGenerator<Uint8Array> {
  const header = await cursor.read(LOCAL_HEADER_BYTES);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.byteLength < LOCAL_HEADER_BYTES || view.getUint32(0, true) !== 0x04034b50) {
    throw refusals.corruptZip(file, `${entry.name} is not where the list says.`);
  }
  const dataOffset = cursor.offset + view.getUint16(26, true) + view.getUint16(28, true);
  if (dataOffset + entry.packedBytes > endOffset)
    throw refusals.corruptZip(file, `${entry.name} runs into the file behind it.`);
  await cursor.skipTo(dataOffset);
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw refusals.corruptZip(
      file,
      `${entry.name} is packed in a way (method ${entry.method}) that is not known here.`,
    );
  }
  let ready: Uint8Array[] = [];
  const inflate = entry.method === DEFLATED ? new Inflate((piece) => ready.push(piece)) : null;
  let unpackedBytes = 0;
  let sum = 0;
  const release = function* (): Generator<Uint8Array> {
    const pieces = ready;
    ready = [];
    for (const piece of pieces) {
      unpackedBytes += piece.byteLength;
      // The caps were checked against the size that the list claims; this holds the file to it.
      if (unpackedBytes > entry.unpackedBytes) throw refusals.corruptZip(file, `${entry.name} is larger than it says.`);
      sum = crc32(piece, sum);
      yield piece;
    }
  };
  const push = (piece: Uint8Array, final: boolean): void => {
    try {
      if (inflate === null) ready.push(piece);
      else inflate.push(piece, final);
    } catch {
      throw refusals.corruptZip(file, `${entry.name} is damaged.`);
    }
  };
  for await (const piece of packedPieces(cursor, file, entry)) {
    push(piece, false);
    yield* release();
  }
  push(new Uint8Array(0), true);
  yield* release();
  if (unpackedBytes !== entry.unpackedBytes || sum !== entry.crc32)
    throw refusals.corruptZip(file, `${entry.name} is damaged.`);
}

/** Opens the given entries one after the other in a single pass over the zip. They must be in order of offset. */
export async function* openEntries(source: FileSource, entries: readonly ZipEntry[]): AsyncGenerator<OpenedEntry> {
  if (entries.length === 0) return;
  const cursor = createByteCursor(source.open());
  try {
    for (const [index, entry] of entries.entries()) {
      await cursor.skipTo(entry.offset);
      const endOffset = entries[index + 1]?.offset ?? Number.POSITIVE_INFINITY;
      yield { entry, bytes: unpack(cursor, source.name, entry, endOffset) };
    }
  } finally {
    await cursor.close();
  }
}

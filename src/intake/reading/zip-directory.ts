import type { FileSource } from '../file-source.ts';
import type { ImportLimits } from '../import-limits.ts';
import { createByteCursor } from './byte-cursor.ts';
import { megabytes, refusals } from './refusals.ts';

/**
 * A zip's own list of its files, read from its end. The list is the truth of a zip: scanning for entries from the
 * front, as stream unpackers do, takes chance bytes for headers in archives of gigabytes.
 * Offsets and signatures: PKWARE APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16.
 */
export interface ZipEntry {
  name: string;
  method: number;
  crc32: number;
  packedBytes: number;
  unpackedBytes: number;
  /** Where its local header starts. */
  offset: number;
}

const END_RECORD_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ZIP64_LOCATOR_BYTES = 20;
const HEADER_BYTES = 46;
const TAIL_BYTES = END_RECORD_BYTES + MAX_COMMENT_BYTES + ZIP64_LOCATOR_BYTES;
/** A name may take 65,535 bytes, but lists of real archives take about 100 an entry. */
const MAX_LIST_BYTES_PER_ENTRY = 4_096;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function readTail(source: FileSource): Promise<{ tail: Uint8Array; sizeBytes: number }> {
  let tail: Uint8Array = new Uint8Array(0);
  let sizeBytes = 0;
  for await (const chunk of source.open()) {
    sizeBytes += chunk.byteLength;
    const joined = new Uint8Array(Math.min(TAIL_BYTES, tail.byteLength + chunk.byteLength));
    const fromChunk = chunk.subarray(Math.max(0, chunk.byteLength - joined.byteLength));
    joined.set(tail.subarray(tail.byteLength - (joined.byteLength - fromChunk.byteLength)));
    joined.set(fromChunk, joined.byteLength - fromChunk.byteLength);
    tail = joined;
  }
  return { tail, sizeBytes };
}

async function readRange(source: FileSource, from: number, length: number): Promise<Uint8Array> {
  const cursor = createByteCursor(source.open());
  try {
    await cursor.skipTo(from);
    return await cursor.read(length);
  } finally {
    await cursor.close();
  }
}

interface Listing {
  count: number;
  bytes: number;
  offset: number;
}

async function findListing(source: FileSource): Promise<{ listing: Listing; sizeBytes: number }> {
  const { tail, sizeBytes } = await readTail(source);
  const view = viewOf(tail);
  for (let at = tail.byteLength - END_RECORD_BYTES; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    const listing = {
      count: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const locator = at - ZIP64_LOCATOR_BYTES;
    if (locator < 0 || view.getUint32(locator, true) !== 0x07064b50) return { listing, sizeBytes };
    const record = await readRange(source, Number(view.getBigUint64(locator + 8, true)), 56);
    if (record.byteLength < 56 || viewOf(record).getUint32(0, true) !== 0x06064b50) return { listing, sizeBytes };
    const wide = viewOf(record);
    return {
      listing: {
        count: Number(wide.getBigUint64(32, true)),
        bytes: Number(wide.getBigUint64(40, true)),
        offset: Number(wide.getBigUint64(48, true)),
      },
      sizeBytes,
    };
  }
  throw refusals.corruptZip(source.name, 'its end, with the list of its files, is missing.');
}

/** Sizes over 4 GiB stand in the ZIP64 extra field, in this order and only where the short field is all ones. */
function readWideFields(entry: ZipEntry, extra: Uint8Array): void {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 0x0001) {
      let field = at + 4;
      const next = (current: number): number => {
        if (current !== 0xffffffff || field + 8 > extra.byteLength) return current;
        field += 8;
        return Number(view.getBigUint64(field - 8, true));
      };
      entry.unpackedBytes = next(entry.unpackedBytes);
      entry.packedBytes = next(entry.packedBytes);
      entry.offset = next(entry.offset);
    }
    at += 4 + length;
  }
}

function readEntries(file: string, bytes: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let read = 0; read < count; read += 1) {
    if (at + HEADER_BYTES > bytes.byteLength || view.getUint32(at, true) !== 0x02014b50) {
      throw refusals.corruptZip(file, 'the list of its files is damaged.');
    }
    const flags = view.getUint16(at + 8, true);
    if ((flags & 1) === 1) throw refusals.encryptedZip(file);
    const nameEnd = at + HEADER_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const entry: ZipEntry = {
      name: new TextDecoder().decode(bytes.subarray(at + HEADER_BYTES, nameEnd)),
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      unpackedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    readWideFields(entry, bytes.subarray(nameEnd, extraEnd));
    entries.push(entry);
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

function refuseBombs(file: string, entries: readonly ZipEntry[], sizeBytes: number, limits: ImportLimits): void {
  let total = 0;
  let end = 0;
  for (const entry of entries) {
    total += entry.unpackedBytes;
    const ratio = entry.unpackedBytes / Math.max(1, entry.packedBytes);
    if (entry.unpackedBytes > limits.ratioFloorBytes && ratio > limits.maxRatio) {
      throw refusals.zipBomb(file, `one of its files would grow ${Math.round(ratio).toLocaleString('en')}-fold.`);
    }
    // Files that share packed bytes are how a small zip claims to hold petabytes (Fifield, WOOT 2019).
    if (entry.offset < end) throw refusals.zipBomb(file, 'its files overlap each other.');
    end = entry.offset + entry.packedBytes;
  }
  if (total > limits.maxUnpackedBytes) {
    throw refusals.zipBomb(
      file,
      `unpacked it would take ${megabytes(total)}, more than the ${megabytes(limits.maxUnpackedBytes)} allowed.`,
    );
  }
  if (end > sizeBytes) throw refusals.corruptZip(file, 'it lists files beyond its end.');
}

/**
 * The files of a zip in the order in which they lie in it. Throws FactoryError `empty-file`, `corrupt-zip`,
 * `encrypted-zip`, `zip-bomb` (by the sizes that it claims; unpacking holds it to them).
 */
export async function readZipDirectory(source: FileSource, limits: ImportLimits): Promise<ZipEntry[]> {
  const { listing, sizeBytes } = await findListing(source);
  if (listing.count === 0) throw refusals.empty(source.name);
  if (listing.count > limits.maxEntries) {
    throw refusals.zipBomb(
      source.name,
      `it holds ${listing.count.toLocaleString('en')} files, more than the ${limits.maxEntries.toLocaleString('en')} allowed.`,
    );
  }
  if (listing.bytes > listing.count * MAX_LIST_BYTES_PER_ENTRY || listing.offset + listing.bytes > sizeBytes) {
    throw refusals.corruptZip(source.name, 'the list of its files is damaged.');
  }
  const bytes = await readRange(source, listing.offset, listing.bytes);
  const entries = readEntries(source.name, bytes, listing.count).sort((one, other) => one.offset - other.offset);
  refuseBombs(source.name, entries, sizeBytes, limits);
  return entries;
}

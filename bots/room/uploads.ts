import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebReadable } from 'node:stream/web';
import { FactoryError } from '#src/errors.ts';
import type { FileSource } from '#src/intake/file-source.ts';

export interface UploadLimits {
  folder: string;
  maxBytes: number;
}

/**
 * Lays an upload down in a file of its own, hands it over as a source that reads from there, and removes it whatever
 * happens. An export of hundreds of megabytes passes through in pieces and is never held in memory.
 * FactoryError `upload-too-large`, `upload-incomplete`.
 */
export async function withUpload<T>(
  upload: { name: string; body: ReadableStream<Uint8Array>; announcedBytes: number | null },
  limits: UploadLimits,
  use: (file: FileSource) => Promise<T>,
): Promise<T> {
  if (upload.announcedBytes !== null && upload.announcedBytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
  await mkdir(limits.folder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(limits.folder, 'upload-'));
  try {
    const path = join(folder, 'file');
    const sizeBytes = await keep(upload.body, path, limits.maxBytes);
    if (upload.announcedBytes !== null && upload.announcedBytes !== sizeBytes) throw incomplete();
    return await use({ name: upload.name, sizeBytes, open: () => createReadStream(path) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(body: ReadableStream<Uint8Array>, path: string, maxBytes: number): Promise<number> {
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body as WebReadable<Uint8Array>), count, createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof FactoryError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw noRoom(error);
    throw incomplete(error);
  }
  return bytes;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / (1024 * 1024))} MB`;

function tooLarge(maxBytes: number): FactoryError {
  return new FactoryError('upload-too-large', `This file is larger than ${megabytes(maxBytes)}.`, {
    fix: 'Take the pictures out of the export, or import it from the command line: `npm run -s workbench -- import FILE`.',
  });
}

function incomplete(cause?: unknown): FactoryError {
  return new FactoryError('upload-incomplete', 'The file did not arrive whole.', {
    fix: 'Drop it once more.',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}

function noRoom(cause: unknown): FactoryError {
  return new FactoryError('disk-full', 'There is no room on the disk for this file.', {
    fix: 'Free some space and drop it once more.',
    retryable: true,
    cause,
  });
}

/** What a browser calls the file, without folders and control signs. It is shown to people and opens nothing. */
export function cleanFileName(encoded: string | undefined): string {
  let name = encoded ?? '';
  try {
    name = decodeURIComponent(name);
  } catch {
    // Not encoded after all: taken as it is.
  }
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return clean === '' ? 'file' : clean.slice(0, 200);
}

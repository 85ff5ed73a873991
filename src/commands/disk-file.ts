import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FactoryError } from '#src/errors.ts';
import type { FileSource } from '#src/intake/file-source.ts';

/** A file that a person named, read as a stream. Throws FactoryError `no-such-file`, `not-a-file`, `file-unreadable`. */
export async function diskFile(cwd: string, name: string): Promise<FileSource> {
  const file = path.resolve(cwd, name);
  const facts = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new FactoryError('no-such-file', `There is no file ${file}.`, {
        fix: 'Check the path; it counts from the folder that you are in.',
      });
    throw new FactoryError('file-unreadable', `${file} cannot be read: ${error.message}`, { fix: 'Check its rights.' });
  });
  if (!facts.isFile())
    throw new FactoryError('not-a-file', `${file} is not a file.`, { fix: 'Name the exported file or zip itself.' });
  return { name: path.basename(file), sizeBytes: facts.size, open: () => createReadStream(file) };
}

/** sha256 of the whole file, hex. */
export async function hashFile(file: FileSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk);
  return hash.digest('hex');
}

import { FactoryError } from '#src/errors.ts';
import { REPO_DIR } from '../../tools/worktree.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { refused } from './refused.ts';

/** Files above this are data, not code that a persona would read or write by hand. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A text file of the tree, byte for byte: a byte order mark and its line ends stay. */
export interface TextFile {
  text: string;
  /** Every line ends in CRLF. */
  isCrlf: boolean;
}

/** Reads a file through no link. Throws FactoryError `tool-refused` when it is not there, not text, or too large. */
export async function readTextFile(worktree: Worktree, path: string): Promise<TextFile> {
  const bytes = await readBytes(worktree, path);
  if (bytes === null) {
    throw refused(`There is no file ${JSON.stringify(path)}.`, 'List or search files to find the right path.');
  }
  try {
    if (bytes.subarray(0, 8_000).includes(0)) throw new TypeError('It holds a zero byte.');
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const lineEnds = text.match(/\r?\n/g) ?? [];
    return { text, isCrlf: lineEnds.length > 0 && lineEnds.every((end) => end === '\r\n') };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw refused(
      `${JSON.stringify(path)} is not text in UTF-8 (${bytes.length} bytes), so it is neither shown nor edited.`,
      'Work without it.',
    );
  }
}

/** Whether a regular file stands there. Throws as `readTextFile` does, for links and folders. */
export async function fileExists(worktree: Worktree, path: string): Promise<boolean> {
  return (await readBytes(worktree, path)) !== null;
}

/** Writes a file through no link. Throws FactoryError `tool-refused`. */
export async function writeTextFile(worktree: Worktree, path: string, text: string): Promise<void> {
  await telling(path, () => worktree.workspace.write(`${REPO_DIR}/${path}`, text));
}

async function readBytes(worktree: Worktree, path: string): Promise<Uint8Array | null> {
  return telling(path, () => worktree.workspace.read(`${REPO_DIR}/${path}`, MAX_FILE_BYTES));
}

/** The sandbox's refusals, in words about the repository. */
async function telling<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    if (error.code === 'sandbox-file-too-large') {
      throw refused(`${JSON.stringify(path)} is larger than ${MAX_FILE_BYTES} bytes.`, 'Search in it instead.');
    }
    throw refused(
      `${JSON.stringify(path)} was not touched: it is a link, a folder, or lies behind one.`,
      'Use the path of a regular file.',
    );
  }
}

import { FactoryError } from '#src/errors.ts';
import { isGenerated, isGeneratedPath } from '#src/context-pack/generated-files.ts';
import type { ReadTexts, TreeEntry } from '#src/ports/workspace.ts';
import type { Mirror } from './mirror.ts';
import { requireCommit } from './mirror.ts';
import { quoted } from './ref-names.ts';
import { streamGit } from './run-git.ts';

const MODES = ['100644', '100755', '120000', '160000', '040000'] as const;
const DEFAULT_MAX_BYTES = 1024 * 1024;

interface StoredEntry extends TreeEntry {
  object: string;
}

export async function listTree(mirror: Mirror, sha: string): Promise<TreeEntry[]> {
  await requireCommit(mirror, sha);
  const entries = await entriesOf(mirror, ['ls-tree', '-r', '-z', '--long', '--full-tree', sha]);
  return entries.map(({ path, mode, bytes }) => ({ path, mode, bytes }));
}

/** Null for what is absent or a folder. A symbolic link or submodule is refused: what it stands for is not in the commit. */
export async function readFileOf(
  mirror: Mirror,
  sha: string,
  path: string,
  maxBytes = DEFAULT_MAX_BYTES,
): Promise<Uint8Array | null> {
  await requireCommit(mirror, sha);
  // No file of a commit is called like this, and git takes some of these for places outside of it.
  if (path.includes('\0') || path.split('/').some((part) => part === '' || part === '.' || part === '..')) return null;
  const entries = await entriesOf(mirror, ['ls-tree', '-z', '--long', '--full-tree', sha, '--', path]);
  const entry = entries.find((candidate) => candidate.path === path);
  if (!entry || entry.mode === '040000') return null;
  if (entry.mode === '120000' || entry.mode === '160000') {
    throw new FactoryError(
      'file-is-link',
      `${quoted(path)} is a ${entry.mode === '120000' ? 'symbolic link' : 'submodule'}, and the factory does not read through those.`,
      {
        fix: 'Put a plain file there.',
      },
    );
  }
  if (entry.bytes > maxBytes) {
    throw new FactoryError(
      'file-too-large',
      `${quoted(path)} has ${entry.bytes} bytes; at most ${maxBytes} are read.`,
      {
        fix: 'Make the file smaller or leave it out of what the factory has to read.',
      },
    );
  }
  let content: Uint8Array | null = null;
  await readBlobs(mirror, [entry.object], (_object, bytes) => {
    content = bytes;
  });
  return content;
}

/** Git's own rule for what is no text: a zero byte near the beginning. */
const TEXT_PROBE_BYTES = 8000;

/** See `Workspace.readTexts`. One listing and one process for all contents. */
export async function readTextsOf(mirror: Mirror, sha: string, options: ReadTexts): Promise<Map<string, string>> {
  await requireCommit(mirror, sha);
  const wanted = options.paths ? new Set(options.paths) : null;
  const entries = await entriesOf(mirror, ['ls-tree', '-r', '-z', '--long', '--full-tree', sha]);
  const files = entries.filter(
    ({ path, mode, bytes }) =>
      mode.startsWith('100') && bytes <= options.maxFileBytes && !isGeneratedPath(path) && (wanted?.has(path) ?? true),
  );
  let totalBytes = 0;
  const taken = files
    .toSorted((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1))
    .filter(({ bytes }) => (totalBytes += bytes) <= options.maxTotalBytes);
  const texts = new Map<string, string>();
  await readBlobs(mirror, [...new Set(taken.map(({ object }) => object))], (object, content) => {
    if (!content.subarray(0, TEXT_PROBE_BYTES).includes(0)) texts.set(object, content.toString('utf8'));
  });
  const kept = new Set(taken);
  return new Map(
    files.flatMap((entry): [string, string][] => {
      const text = kept.has(entry) ? texts.get(entry.object) : undefined;
      return text === undefined || isGenerated(text) ? [] : [[entry.path, text]];
    }),
  );
}

/** Reads many blobs with one git process, each handed over as it comes. Unknown ids are an error of the caller. */
export async function readBlobs(
  mirror: Mirror,
  objects: readonly string[],
  onBlob: (object: string, content: Buffer) => void,
): Promise<void> {
  if (objects.length === 0) return;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let neededBytes = 0;
  const take = (chunk: Buffer) => {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes < neededBytes) return true;
    let rest = Buffer.concat(waiting);
    for (;;) {
      const lineEnd = rest.indexOf('\n');
      if (lineEnd < 0) break;
      const [, object = '', size = ''] =
        /^([0-9a-f]{40}) blob (\d+)$/.exec(rest.subarray(0, lineEnd).toString('latin1')) ?? [];
      if (object === '') throw new Error('git cat-file answered something that is not a blob');
      const end = lineEnd + 1 + Number(size);
      neededBytes = end + 1;
      if (rest.length < neededBytes) break;
      onBlob(object, rest.subarray(lineEnd + 1, end));
      rest = rest.subarray(neededBytes);
      neededBytes = 0;
    }
    waiting = [rest];
    waitingBytes = rest.length;
    return true;
  };
  await streamGit(mirror.call(['cat-file', '--batch'], { input: `${objects.join('\n')}\n` }), take);
}

/** Sizes in bytes by object id. */
export async function blobSizes(mirror: Mirror, objects: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (objects.length === 0) return sizes;
  const answer = await mirror.text(['cat-file', '--batch-check'], { input: `${objects.join('\n')}\n` });
  for (const line of answer.split('\n')) {
    const [, object, size] = /^([0-9a-f]{40}) blob (\d+)$/.exec(line) ?? [];
    if (object !== undefined) sizes.set(object, Number(size));
  }
  return sizes;
}

async function entriesOf(mirror: Mirror, args: readonly string[]): Promise<StoredEntry[]> {
  const listed = await mirror.text(args);
  return listed.split('\0').flatMap((line): StoredEntry[] => {
    const [, mode = '', object = '', size = '', path = ''] =
      /^(\d{6}) \w+ ([0-9a-f]{40}) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    // Old repositories hold modes such as 100664; git itself treats them as 100644.
    const known = MODES.find((candidate) => candidate === mode) ?? (mode.startsWith('100') ? '100644' : undefined);
    return known === undefined ? [] : [{ path, mode: known, bytes: size === '-' ? 0 : Number(size), object }];
  });
}

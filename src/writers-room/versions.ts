import type { CodeBlock } from '#src/intake/code-block.ts';
import type { LeftOut } from './change-set.ts';
import { partialFileReason } from './partial-file.ts';

/** One block on its way to a change set: what people said about it so far. */
export interface Version {
  block: CodeBlock;
  /** As the path check cleaned it. */
  path: string;
  position: number;
  isTest: boolean;
  /** It shows only some of the file, and so never stands for the whole of it. */
  partial: boolean;
  /** A person asked for this version, or wrote it. */
  asked: boolean;
  /** complained: a person said that it is not right yet. moved: a later message asked for another path. */
  state: 'unconfirmed' | 'accepted' | 'complained' | 'declined' | 'moved';
  /** The message that said so; null while unconfirmed. */
  by: number | null;
}

/**
 * Which versions of one path count, oldest first: the last usable whole file and the usable diffs after it.
 * `versions` are in order and all of one path.
 */
export function chooseVersions(versions: readonly Version[]): { kept: Version[]; left: LeftOut[] } {
  const kept: Version[] = [];
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const version = versions[index];
    if (version === undefined) continue;
    const later = kept.at(-1);
    const needed =
      version.state === 'complained' &&
      !version.partial &&
      later?.block.kind === 'diff' &&
      buildsOn(later.block, version.block);
    if (!isUsable(version) && !needed) continue;
    if (
      later !== undefined &&
      version.block.kind === 'diff' &&
      kept.some((other) => replaces(other.block, version.block))
    )
      continue;
    kept.push(version);
    if (version.block.kind === 'file') break;
  }
  kept.reverse();
  const left: LeftOut[] = [];
  for (const version of versions) {
    if (kept.includes(version)) continue;
    const reason = isReplaced(version, versions, kept) ? null : reasonLeftOut(version, kept.length > 0);
    if (reason !== null) left.push({ path: version.path, position: version.position, reason });
  }
  return { kept, left };
}

/** A part of the file that the whole file followed, and that nobody turned down, is not worth a word. */
function isReplaced(version: Version, versions: readonly Version[], kept: readonly Version[]): boolean {
  const [base] = kept;
  if (!version.partial || version.state === 'declined' || base?.block.kind !== 'file') return false;
  return versions.indexOf(base) > versions.indexOf(version);
}

function isUsable(version: Version): boolean {
  if (version.partial) return false;
  return version.state === 'accepted' || (version.state === 'unconfirmed' && version.asked);
}

/** null: a later version took its place, which is not worth a word. */
function reasonLeftOut(version: Version, pathIsKept: boolean): string | null {
  if (version.partial && version.state !== 'declined' && version.state !== 'moved') return partialFileReason;
  switch (version.state) {
    case 'declined':
      return `Turned down in message ${version.by}.`;
    case 'moved':
      return `Message ${version.by} asked for it in another place.`;
    case 'complained':
      return pathIsKept ? null : `Message ${version.by} says that it is not right, and no later version was taken up.`;
    case 'unconfirmed':
      return version.asked ? null : 'Offered without being asked for, and nobody took it up.';
    case 'accepted':
      return null;
  }
}

/** Lines of code that are worth comparing: three characters or more. */
function significant(line: string): string | null {
  const text = line.trim();
  return text.length >= 3 ? text : null;
}

function diffLines(content: string, marks: string): Set<string> {
  const lines = new Set<string>();
  for (const line of content.split('\n')) {
    if (/^(?:---|\+\+\+|@@|diff |index )/.test(line) || !marks.includes(line[0] ?? '')) continue;
    const text = significant(line.slice(1));
    if (text !== null) lines.add(text);
  }
  return lines;
}

/** Whether a diff was made against the text that `earlier` leaves behind, and so needs it. */
function buildsOn(diff: CodeBlock, earlier: CodeBlock): boolean {
  const before = diffLines(diff.content, ' -');
  const written =
    earlier.kind === 'diff' ? diffLines(earlier.content, '+') : new Set(earlier.content.split('\n').map(significant));
  let shared = 0;
  for (const line of before) if (written.has(line)) shared += 1;
  return earlier.kind === 'diff' ? shared > 0 : before.size > 0 && shared * 2 >= before.size;
}

/** Whether a later diff changes the same old lines again, and so stands in the place of `earlier`. */
function replaces(later: CodeBlock, earlier: CodeBlock): boolean {
  if (later.kind !== 'diff' || earlier.kind !== 'diff' || buildsOn(later, earlier)) return false;
  const removedLater = diffLines(later.content, '-');
  for (const line of diffLines(earlier.content, '-')) if (removedLater.has(line)) return true;
  return false;
}

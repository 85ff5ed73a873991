import { unquotePath } from './git-path.ts';

/**
 * Reads `git diff` output by the line counts that each hunk header promises. A line of the file that looks like a
 * header (`--- a/x`, `@@ …`) is therefore never taken for one: what somebody approves is what they see.
 */
export interface FileChange {
  /** The path after the change; before it, for a deleted file. */
  path: string;
  /** Set when the file moved. */
  movedFrom: string | null;
  kind: 'changed' | 'new' | 'deleted' | 'moved';
  binary: boolean;
  /** `100644 → 100755`, or null when the mode stayed. */
  modeChange: string | null;
  added: number;
  removed: number;
  hunks: Hunk[];
}

export interface Hunk {
  header: string;
  lines: ChangedLine[];
}

export interface ChangedLine {
  kind: 'added' | 'removed' | 'same' | 'remark';
  before: number | null;
  after: number | null;
  text: string;
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Splits as git writes: `\n` ends a line; a `\r` belongs to it. */
export function parseDiff(text: string): FileChange[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const files: FileChange[] = [];
  let file: FileChange | null = null;
  let oldMode: string | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const header = hunkHeader.exec(line);
    if (line.startsWith('diff --git ')) {
      file = emptyChange(pathOfHeader(line));
      oldMode = null;
      files.push(file);
      at += 1;
    } else if (file !== null && header !== null) {
      at = readHunk(lines, at, header, file);
    } else {
      if (file !== null) oldMode = readFact(line, file, oldMode);
      at += 1;
    }
  }
  return files;
}

function emptyChange(path: string): FileChange {
  return { path, movedFrom: null, kind: 'changed', binary: false, modeChange: null, added: 0, removed: 0, hunks: [] };
}

/** `diff --git a/x b/x`: both halves name the same file unless it moved, and then `rename to` follows. */
function pathOfHeader(line: string): string {
  const names = line.slice('diff --git '.length);
  const quoted = /"b\/((?:[^"\\]|\\.)*)"$/.exec(names);
  if (quoted?.[1] !== undefined) return unquotePath(`"${quoted[1]}"`);
  const half = names.slice((names.length + 1) / 2);
  if (half.startsWith('b/')) return half.slice(2);
  return names.slice(names.lastIndexOf(' b/') + 3);
}

function readFact(line: string, file: FileChange, oldMode: string | null): string | null {
  const value = (prefix: string): string => line.slice(prefix.length);
  if (line.startsWith('new file mode ')) file.kind = 'new';
  else if (line.startsWith('deleted file mode ')) file.kind = 'deleted';
  else if (line.startsWith('old mode ')) return value('old mode ');
  else if (line.startsWith('new mode ')) file.modeChange = `${oldMode ?? '?'} → ${value('new mode ')}`;
  else if (line.startsWith('rename from ')) file.movedFrom = unquotePath(value('rename from '));
  else if (line.startsWith('rename to ')) {
    file.kind = 'moved';
    file.path = unquotePath(value('rename to '));
  } else if (line.startsWith('--- "') || line.startsWith('--- a/'))
    takePath(file, value('--- '), 'a/', file.kind === 'deleted');
  else if (line.startsWith('+++ "') || line.startsWith('+++ b/')) takePath(file, value('+++ '), 'b/', true);
  else if (line.startsWith('Binary files ') || line.startsWith('GIT binary patch')) file.binary = true;
  return oldMode;
}

/** Git ends these lines with a tab when the path holds a space. */
function takePath(file: FileChange, written: string, prefix: string, counts: boolean): void {
  const path = unquotePath(written.replace(/\t$/, ''));
  if (counts && path.startsWith(prefix)) file.path = path.slice(prefix.length);
}

function readHunk(lines: readonly string[], start: number, header: RegExpExecArray, file: FileChange): number {
  const hunk: Hunk = { header: lines[start] ?? '', lines: [] };
  file.hunks.push(hunk);
  let before = Number(header[1]);
  let after = Number(header[3]);
  let left = Number(header[2] ?? 1);
  let right = Number(header[4] ?? 1);
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const sign = line.charAt(0);
    const text = line.slice(1);
    if (sign === '\\') {
      hunk.lines.push({ kind: 'remark', before: null, after: null, text: text.trim() });
    } else if (left <= 0 && right <= 0) {
      break;
    } else if (sign === '+') {
      hunk.lines.push({ kind: 'added', before: null, after, text });
      file.added += 1;
      after += 1;
      right -= 1;
    } else if (sign === '-') {
      hunk.lines.push({ kind: 'removed', before, after: null, text });
      file.removed += 1;
      before += 1;
      left -= 1;
    } else if (sign === ' ' || line === '') {
      hunk.lines.push({ kind: 'same', before, after, text });
      before += 1;
      after += 1;
      left -= 1;
      right -= 1;
    } else {
      break;
    }
  }
  return at;
}

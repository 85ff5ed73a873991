/** One file's part of a unified diff. */
export interface FileDiff {
  path: string;
  content: string;
}

const isGitHeader = (line: string | undefined) => line?.startsWith('diff --git ') === true;

/** `--- x` / `+++ y` / `@@`: three lines together, because a removed `-- x` line looks like the first of them. */
function isPlainHeader(lines: readonly string[], at: number): boolean {
  return (
    lines[at]?.startsWith('--- ') === true &&
    lines[at + 1]?.startsWith('+++ ') === true &&
    (lines[at + 2] ?? '@@').startsWith('@@')
  );
}

/** True for text that opens as a unified diff does, whatever its fence says. */
export function looksLikeDiff(lines: readonly string[]): boolean {
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) return false;
  return (
    isGitHeader(lines[first]) ||
    (lines[first]?.startsWith('--- ') === true && lines[first + 1]?.startsWith('+++ ') === true)
  );
}

/** Git quotes names with unusual bytes as C strings: `"a/caf\303\251.txt"`. */
function unquote(name: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(name)?.[1];
  if (quoted === undefined) return name;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' };
  const bytes: number[] = [];
  for (const [piece] of quoted.matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (/^\\[0-7]{3}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 8) & 0xff);
    else
      bytes.push(...Buffer.from(piece.startsWith('\\') ? (escapes[piece.slice(1)] ?? piece.slice(1)) : piece, 'utf8'));
  }
  return Buffer.from(bytes).toString('utf8');
}

/** The name behind `--- ` or `+++ `, without the time that `diff -u` adds behind a tab. */
function headerName(line: string): string {
  return unquote(line.slice(4).replace(/\t.*$/, '').trim());
}

function withoutPrefix(name: string, prefix: 'a/' | 'b/', strip: boolean): string {
  return strip && name.startsWith(prefix) ? name.slice(2) : name;
}

/** The path out of `diff --git a/x b/x`, for parts that have no `+++` (renames, modes, empty and binary files). */
function gitHeaderPath(lines: readonly string[]): string | null {
  const renamed = lines.find((line) => /^(?:rename|copy) to /.test(line));
  if (renamed !== undefined) return unquote(renamed.replace(/^(?:rename|copy) to /, ''));
  const names = (lines[0] ?? '').slice('diff --git '.length);
  const quoted = /"((?:[^"\\]|\\.)*)"$/.exec(names);
  if (quoted !== null) return withoutPrefix(unquote(quoted[0]), 'b/', true);
  // Both names are the same but for their prefix, so the second one is the back half.
  const half = names.slice(Math.floor(names.length / 2) + 1);
  return half === '' ? null : withoutPrefix(half, 'b/', true);
}

function pathOf(lines: readonly string[]): string | null {
  const at = lines.findIndex((line, index) => line.startsWith('--- ') && lines[index + 1]?.startsWith('+++ ') === true);
  if (at < 0) return isGitHeader(lines[0]) ? gitHeaderPath(lines) : null;
  const from = headerName(lines[at] ?? '');
  const to = headerName(lines[at + 1] ?? '');
  const prefixed = (from === '/dev/null' || from.startsWith('a/')) && (to === '/dev/null' || to.startsWith('b/'));
  const name = to === '/dev/null' ? withoutPrefix(from, 'a/', prefixed) : withoutPrefix(to, 'b/', prefixed);
  return name === '' || name === '/dev/null' ? null : name;
}

/**
 * Splits a unified diff into one a file; what stands before the first header is dropped. A diff that has hunks and no
 * header gets one for `path`, where the conversation named it. Parts whose file nobody names are left out.
 */
export function splitDiff(lines: readonly string[], path: string | null): FileDiff[] {
  const starts: number[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    if (isGitHeader(lines[at])) starts.push(at);
    else if (isPlainHeader(lines, at) && !belongsToGitHeader(lines, at)) starts.push(at);
  }
  if (starts.length === 0) {
    if (path === null) return [];
    const bare = lines.join('\n').trimEnd();
    const headed = /^@@ /m.test(bare) && !/^--- /m.test(bare) ? `--- a/${path}\n+++ b/${path}\n${bare}` : bare;
    return [{ path, content: `${headed}\n` }];
  }
  const files: FileDiff[] = [];
  for (const [index, start] of starts.entries()) {
    const part = lines.slice(start, starts[index + 1]);
    const named = pathOf(part) ?? (starts.length === 1 ? path : null);
    if (named !== null) files.push({ path: named, content: `${trimEnd(part).join('\n')}\n` });
  }
  return files;
}

/** True when a `diff --git` line stands above with only git's own header lines between. */
function belongsToGitHeader(lines: readonly string[], at: number): boolean {
  for (let above = at - 1; above >= 0; above -= 1) {
    if (isGitHeader(lines[above])) return true;
    if (
      !/^(?:index|old mode|new mode|new file mode|deleted file mode|similarity index|dissimilarity index|rename|copy) /.test(
        lines[above] ?? '',
      )
    )
      return false;
  }
  return false;
}

function trimEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '') end -= 1;
  return lines.slice(0, end);
}

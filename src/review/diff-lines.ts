/** What a unified diff takes from and adds to one file. Line ends are left out, also CRLF. */
export interface FileLines {
  path: string;
  /** Numbered as in the new file. */
  added: DiffLine[];
  /** Numbered as in the old one. */
  removed: DiffLine[];
}

export interface DiffLine {
  /** Counted from 1. */
  line: number;
  text: string;
}

/**
 * Reads what git prints. Lines of a hunk are counted, as its head says, so that no content of a file can pass for the
 * name of another one. Files without a hunk (binary, only renamed) are left out.
 */
export function readDiffLines(diffText: string): FileLines[] {
  const files: FileLines[] = [];
  let from = '';
  let file: FileLines | null = null;
  let before = { line: 0, left: 0 };
  let after = { line: 0, left: 0 };
  for (const raw of diffText.split('\n')) {
    const text = raw.slice(1).replace(/\r$/, '');
    if (file !== null && (before.left > 0 || after.left > 0)) {
      if (raw.startsWith('+')) file.added.push({ line: take(after), text });
      else if (raw.startsWith('-')) file.removed.push({ line: take(before), text });
      else if (!raw.startsWith('\\')) {
        take(before);
        take(after);
      }
      continue;
    }
    if (raw.startsWith('--- ')) {
      from = nameIn(raw);
      file = null;
    } else if (raw.startsWith('+++ ')) {
      const to = nameIn(raw);
      file = { path: (to === '/dev/null' ? from : to).replace(/^[ab]\//, ''), added: [], removed: [] };
      files.push(file);
    } else {
      const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(raw);
      if (hunk === null) continue;
      before = { line: Number(hunk[1]), left: Number(hunk[2] ?? 1) };
      after = { line: Number(hunk[3]), left: Number(hunk[4] ?? 1) };
    }
  }
  return files;
}

function take(side: { line: number; left: number }): number {
  side.left -= 1;
  side.line += 1;
  return side.line - 1;
}

/** Git ends a name that holds a space with a tab, and quotes one with odd characters as C does, byte by byte. */
function nameIn(header: string): string {
  const name = header.slice(4).replace(/[\t\r]+$/, '');
  const quoted = /^"(.*)"$/s.exec(name)?.[1];
  return quoted === undefined ? name : unquote(quoted);
}

const LETTERS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

function unquote(text: string): string {
  const bytes: Buffer[] = [];
  for (const [, octal, letter, plain] of text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Buffer.of(Number.parseInt(octal, 8) & 0xff));
    else if (letter !== undefined) bytes.push(Buffer.of(LETTERS[letter] ?? letter.charCodeAt(0) & 0xff));
    else bytes.push(Buffer.from(plain ?? ''));
  }
  return Buffer.concat(bytes).toString('utf8');
}

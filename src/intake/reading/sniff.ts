export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export type Content =
  | { kind: 'empty' }
  | { kind: 'zip' }
  | { kind: 'binary'; name: string | null }
  | { kind: 'json'; encoding: TextEncoding }
  | { kind: 'text'; encoding: TextEncoding };

/** Enough to see past a licence header or a long first line; small enough to hold for every file of a zip. */
export const SNIFF_BYTES = 65_536;

/** First bytes of common files that people drop in by mistake (from each format's own specification). */
const signatures: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF'],
  ['\u0089PNG', 'a picture (PNG)'],
  ['\u00ff\u00d8\u00ff', 'a picture (JPEG)'],
  ['GIF8', 'a picture (GIF)'],
  ['\u001f\u008b', 'a gzip archive'],
  ['7z\u00bc\u00af', 'a 7-Zip archive'],
  ['Rar!', 'a RAR archive'],
  ['SQLite format 3\u0000', 'a database (SQLite)'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old Office document'],
  ['ID3', 'a sound file (MP3)'],
  ['OggS', 'a sound file (Ogg)'],
  ['\u007fELF', 'a program'],
];

function startsWith(bytes: Uint8Array, signature: string): boolean {
  return [...signature].every((character, at) => bytes[at] === character.charCodeAt(0));
}

function byteOrderMark(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** Share of bytes that no text has: controls but tab, line ends, form feed and escape. */
function controlShare(bytes: Uint8Array): number {
  let controls = 0;
  for (const byte of bytes) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) controls += 1;
  }
  return controls / Math.max(1, bytes.byteLength);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // As a stream, so that a character cut at the end of the sample is no fault.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A `[` or `{` followed by what only JSON has there, so that `[10:32] Ana: …` and `[a](b)` stay text. */
const jsonStart = /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[{"[\]]|$|-?\d[\d.eE+-]*\s*,|(?:true|false|null)\s*[,\]]))/;

/** What a file holds, judged by its first bytes alone. */
export function sniff(start: Uint8Array): Content {
  if (start.byteLength === 0) return { kind: 'empty' };
  if (startsWith(start, 'PK\u0003\u0004') || startsWith(start, 'PK\u0005\u0006')) return { kind: 'zip' };
  for (const [signature, name] of signatures) {
    if (startsWith(start, signature)) return { kind: 'binary', name };
  }
  const wide = byteOrderMark(start);
  if (wide === null && (start.includes(0) || controlShare(start) > 0.02)) return { kind: 'binary', name: null };
  const encoding = wide ?? (isUtf8(start) ? 'utf-8' : 'windows-1252');
  const text = new TextDecoder(encoding).decode(start);
  if (text.trim() === '' && start.byteLength < SNIFF_BYTES) return { kind: 'empty' };
  return { kind: jsonStart.test(text) ? 'json' : 'text', encoding };
}

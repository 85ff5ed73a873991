const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** Undoes git's quoting of unusual paths (`core.quotePath`): C escapes and octal bytes inside double quotes. */
export function unquotePath(written: string): string {
  if (!written.startsWith('"') || !written.endsWith('"') || written.length < 2) return written;
  const bytes: number[] = [];
  const inner = Buffer.from(written.slice(1, -1), 'utf8');
  for (let at = 0; at < inner.length; at += 1) {
    const byte = inner[at] ?? 0;
    if (byte !== 92) {
      bytes.push(byte);
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(inner.toString('latin1', at + 1, at + 4));
    if (octal === null) {
      const sign = String.fromCharCode(inner[at + 1] ?? 92);
      bytes.push(escapes[sign] ?? sign.charCodeAt(0));
      at += 1;
    } else {
      bytes.push(Number.parseInt(octal[0], 8));
      at += 3;
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

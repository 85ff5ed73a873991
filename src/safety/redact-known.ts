const LABEL = '[redacted secret]';
/** Shorter ones would be found in ordinary words once spaces do not count. */
const MIN_SQUEEZED_CHARACTERS = 8;
const MIN_PLAIN_CHARACTERS = 6;

/**
 * Text without secrets that are known by their value, also where one is written in base64, hex, URL encoding, backwards
 * or with signs between its characters. Letter case does not count. Linear in the text for each secret.
 */
export function redactKnown(text: string, known: readonly string[]): string {
  let clean = text;
  for (const secret of new Set(known)) {
    if (secret.length < MIN_PLAIN_CHARACTERS) continue;
    clean = clean.replaceAll(secret, LABEL);
    for (const { needle, encoded } of formsOf(secret)) clean = redactSqueezed(clean, needle, encoded);
  }
  return clean;
}

const squeeze = (text: string): string => text.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();

function formsOf(secret: string): { needle: string; encoded: boolean }[] {
  const bytes = Buffer.from(secret, 'utf8');
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  // In base64 a secret looks different at each of three offsets; the characters at its edges hold neighbours' bits.
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return whole.slice(offset === 0 ? 0 : offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
  });
  const plain = [secret, [...secret].reverse().join(''), encodeURIComponent(secret.toWellFormed())].map((form) => ({
    needle: squeeze(form),
    encoded: false,
  }));
  const encoded = [pairs.join(''), pairs.join('x'), ...base64].map((form) => ({
    needle: squeeze(form),
    encoded: true,
  }));
  return [...plain, ...encoded].filter(
    // A word is found as it stands; with its letters apart it would be any words.
    ({ needle, encoded: coded }) => needle.length >= MIN_SQUEEZED_CHARACTERS && (coded || /\d/.test(needle)),
  );
}

function redactSqueezed(text: string, needle: string, encoded: boolean): string {
  const places: number[] = [];
  let squeezed = '';
  for (const { 0: run, index } of text.matchAll(/[a-z0-9]+/gi)) {
    squeezed += run.toLowerCase();
    for (let at = 0; at < run.length; at += 1) places.push(index + at);
  }
  const parts: string[] = [];
  let from = 0;
  for (let at = squeezed.indexOf(needle); at !== -1; at = squeezed.indexOf(needle, at + needle.length)) {
    let start = places[at] ?? 0;
    let end = (places[at + needle.length - 1] ?? 0) + 1;
    if (encoded) {
      while (start > from && /[\w+/=%-]/.test(text[start - 1] ?? '')) start -= 1;
      while (end < text.length && /[\w+/=%-]/.test(text[end] ?? '')) end += 1;
    }
    if (start < from) continue;
    parts.push(text.slice(from, start), LABEL);
    from = end;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}

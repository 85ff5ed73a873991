const escape = '\\u001b';
/**
 * Terminal escapes (ECMA-48): colours and cursor moves (CSI, also by its one C1 character), titles and links (OSC and
 * its kin), and two-character ones. One that never ends takes no more than its line.
 */
const terminalEscapes = new RegExp(
  `${escape}\\[[0-?]*[ -/]*[@-~]|\\u009b[0-?]+[ -/]*[@-~]|` +
    `${escape}[\\]PX^_][^\\u0007\\u001b\\n]*(?:\\u0007|${escape}\\\\)?|${escape}[ -/]*[0-~]?`,
  'g',
);

/** C0 controls but tab and newline, DEL, C1 controls. */
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Characters that show nothing and so can carry text that people do not see: soft hyphen, grapheme joiner, fillers,
 * zero width space, bidi embeddings, overrides and isolates, invisible operators, interlinear marks, the byte-order
 * mark, the tag block and the variation selectors supplement.
 */
const invisible =
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Variation selectors pick a glyph for the character before them; a run of them can only be hidden data. */
const selectorRuns = /(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]+|^[\ufe00-\ufe0f]+/gmu;

const joinedScripts =
  '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}' +
  '\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}' +
  '\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}';

/** Joiners mean something after a letter of a joining script, and (ZWJ only) between the parts of one emoji. */
const strayNonJoiners = new RegExp(`(?<![${joinedScripts}])\\u200c`, 'gu');
const strayJoiners = new RegExp(
  `(?<![${joinedScripts}])(?<!\\p{Extended_Pictographic}\\ufe0f?)(?<!\\p{Emoji_Modifier})\\u200d|` +
    `(?<![${joinedScripts}])\\u200d(?!\\p{Extended_Pictographic})`,
  'gu',
);

/** Direction marks are kept only next to a right-to-left letter, where they place punctuation. */
const rightToLeft = '\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}';
const strayDirectionMarks = new RegExp(
  `(?<![${rightToLeft}][\\p{P}\\p{N} ]?)[\\u200e\\u200f\\u061c](?![\\p{P}\\p{N} ]?[${rightToLeft}])`,
  'gu',
);

const anythingSpecial = /[^\t\n\u0020-\u007e]/;

/**
 * Text as people saw it: hidden characters, terminal escapes and control characters removed, line ends as `\n`,
 * broken surrogates replaced. Arabic, Hebrew, Indic scripts and joined emoji stay whole. Idempotent.
 */
export function cleanText(text: string): string {
  if (!anythingSpecial.test(text)) return text;
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|\u0085|\u2028|\u2029/g, '\n')
      .replace(terminalEscapes, '')
      .replace(controls, '')
      .replace(invisible, '')
      .replace(selectorRuns, '')
      .replace(strayNonJoiners, '')
      .replace(strayJoiners, '')
      // A joiner may have stood between two selectors.
      .replace(selectorRuns, '')
      .replace(strayDirectionMarks, '')
  );
}

/** Colours and cursor moves of an honest program gone, all else as it is. */
export function withoutTerminalEscapes(text: string): string {
  return text.replace(terminalEscapes, '');
}

/** A name or title: cleaned, on one line, at most `maxLength` characters. */
export function cleanLine(text: string, maxLength = 200): string {
  const line = cleanText(text).replace(/\s+/g, ' ').trim();
  return line.length <= maxLength
    ? line
    : `${line
        .slice(0, maxLength - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** The last `maxCharacters`, beginning at a line where that leaves something. */
export function tailOf(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const tail = text.slice(-maxCharacters).toWellFormed();
  const lineEnd = tail.indexOf('\n');
  return lineEnd === -1 || lineEnd > maxCharacters / 2 ? tail : tail.slice(lineEnd + 1);
}

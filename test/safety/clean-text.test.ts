import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanText } from '#src/safety/clean-text.ts';

describe('cleanText removes what people cannot see', () => {
  it.each([
    [
      'the tag block',
      `safe${Array.from('ignore', (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')}`,
      'safe',
    ],
    ['zero width space, word joiner, byte-order mark', 'a\u200bb\u2060c\ufeffd', 'abcd'],
    ['joiners between Latin letters', 'ad\u200dmi\u200cn', 'admin'],
    ['bidi overrides and isolates', 'a\u202eb\u202cc\u2066d\u2069', 'abcd'],
    ['direction marks in left-to-right text', 'a\u200e.\u200fb', 'a.b'],
    ['soft hyphens and fillers', 'a\u00adb\u3164c\u115fd', 'abcd'],
    ['a run of variation selectors', 'x\ufe00\ufe01\ufe02', 'x\ufe00'],
    ['supplementary variation selectors', 'x\u{e0100}\u{e0150}', 'x'],
    ['terminal colours and titles', '\u001b[31mred\u001b[0m \u001b]0;title\u0007plain', 'red plain'],
    ['control characters', 'a\u0000b\u0007c\u007fd\u009be', 'abcde'],
    ['broken surrogates', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_what, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });
});

describe('cleanText keeps what carries meaning', () => {
  it.each([
    ['tabs and newlines', 'a\tb\nc'],
    ['Persian with its non-joiner', 'می\u200cخواهم'],
    ['Arabic with its direction mark', 'السلام\u200f!'],
    ['Hebrew', 'שלום עולם'],
    ['Devanagari with its joiner', 'क्\u200dष'],
    ['joined emoji', '👩\u200d💻 🏳️\u200d🌈 👩🏽\u200d🚀 👨\u200d👩\u200d👧'],
    ['emoji style', '❤️ ☎︎'],
    ['combining marks', 'e\u0301 ñ'],
  ])('%s', (_what, text) => {
    expect(cleanText(text)).toBe(text);
  });

  it('line ends of every system become newlines', () => {
    expect(cleanText('a\r\nb\rc\u2028d')).toBe('a\nb\nc\nd');
  });

  it('cleaning twice changes nothing more', () => {
    const anything = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\u200d', '\u200c', '\u001b', '[', 'm', '\ufe0f', '👩', 'م', '\r', '\u202e'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(anything, (text) => {
        const once = cleanText(text);
        expect(cleanText(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  it('cleanLine keeps one line of bounded length', () => {
    expect(cleanLine('  a\n\u200b b ')).toBe('a b');
    expect(cleanLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});

import { cleanText } from '#src/safety/clean-text.ts';

/** Cyrillic and Greek letters that look like Latin ones, in the order of `LATIN` (Unicode TR39, the plain ones). */
const LOOKALIKES = 'аеорсухіјѕһԁԛԝкмтвнɡαοινρτυκχΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТХІЈЅ';
const LATIN = 'aeopcyxijshdqwkmtbhgaoivptukxABEZHIKMNOPTYXABEKMHOPCTXIJS';
const lookalikes = new Map(Array.from(LOOKALIKES, (letter, index) => [letter, LATIN.charAt(index)]));

const DIGITS: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's' };
/** A word with letters and with digits or signs that stand for letters. */
const LEET_WORD = /(?=[\w@$]*[a-z])(?=[\w@$]*[013457@$])[\w@$]+/g;

/**
 * The words of a text as a reader hears them: small letters, no accents, no lookalikes, no short forms, hyphens as
 * spaces. Only to look for words in it; it is never shown.
 */
export function readableForm(text: string): string {
  return [...cleanText(text).normalize('NFKC')]
    .map((letter) => lookalikes.get(letter) ?? letter)
    .join('')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[‘’ʼ`´]/g, "'")
    .replaceAll(/[“”„«»"*~]|(?<![a-z0-9])_|_(?![a-z0-9])/g, ' ')
    .replaceAll(/n't\b/g, ' not')
    .replaceAll(/\b(do|does|must|should|is|are|was|need)nt\b/g, '$1 not')
    .replaceAll(/\bcan ?not\b|\bca not\b/g, 'can not')
    .replaceAll(/(?<=[a-z])[-‐‑–](?=[a-z])/g, ' ')
    .replaceAll(/\b(all|any|some|most|each|half|none) of (?=the|these|those|our|your|them)/g, '$1 ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The same with digits and signs inside words read as letters. */
export function withoutLeet(form: string): string {
  return form.replaceAll(LEET_WORD, (word) => [...word].map((sign) => DIGITS[sign] ?? sign).join(''));
}

/** Letters of several alphabets in one word, or words taken apart: what people read past and a model may not. */
export function isDisguised(text: string): boolean {
  const clean = cleanText(text);
  const isMixed = (clean.match(/\p{L}+/gu) ?? []).some(
    (word) => /\p{Script=Latin}/u.test(word) && [...word].some((letter) => lookalikes.has(letter)),
  );
  return isMixed || /(?<![\p{L}\p{N}])(?:\p{L}[ .\-_*·]{1,2}){4,}\p{L}(?![\p{L}\p{N}])/u.test(clean);
}

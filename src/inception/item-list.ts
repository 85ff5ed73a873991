import type { CanvasItem } from './canvas.ts';
import { keyTokens, likeness, normalise } from './tokens.ts';
import { capitalise, cleanText, cutAtWord } from './wording.ts';

/** Two lines on a phone. Characters. */
const maxItemLength = 140;
/** Items further back than this are not compared, so that a long conversation stays linear. */
const compared = 60;

/** A list of canvas items, each once, with all messages that support it. */
export class ItemList {
  #entries: { item: CanvasItem; tokens: Set<string>; text: string }[] = [];

  add(raw: string, evidence: readonly number[]): void {
    const text = tidyItem(raw);
    const tokens = keyTokens(text);
    if (tokens.size === 0) return;
    const plain = normalise(text);
    const same = this.#entries
      .slice(-compared)
      .find((entry) => entry.text === plain || likeness(entry.tokens, tokens) >= 0.6);
    if (same === undefined) this.#entries.push({ item: { text, evidence: [...evidence] }, tokens, text: plain });
    else same.item.evidence = [...new Set([...same.item.evidence, ...evidence])].sort((left, right) => left - right);
  }

  finish(): CanvasItem[] {
    return this.#entries.map((entry) => entry.item);
  }
}

/** Short, cleaned, whole words: for a person on a phone. */
function tidyItem(raw: string): string {
  const text = cleanText(raw).replace(
    /^(?:(?:so|and|but|also|well|then|now|right|okay|ok|yes|no(?=[,.:;—–-])|honestly|basically|overall|again|actually|by the way|of course|i think|i mean|that is|as i said|more broadly|in general|worth thinking about)[,.:;—–-]*\s+)+/i,
    '',
  );
  const clause = text.length > maxItemLength ? text.replace(/(?:[;:]|\s[–—-])\s.*$/, '') : text;
  return capitalise(cutAtWord(clause.split(' ').length >= 4 ? clause : text, maxItemLength));
}

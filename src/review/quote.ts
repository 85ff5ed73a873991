import { cleanLine } from '#src/safety/clean-text.ts';

const MAX_CHARACTERS = 80;

/** Words of the change itself, as code: on one line, without what could end the quotation or hide in it. */
export function quote(text: string): string {
  return `\`${cleanLine(text.replaceAll('`', "'"), MAX_CHARACTERS)}\``;
}

/** At most `most` notes; what is left out is counted. `more`: what they are of, as "files that act on more". */
export function capped(notes: readonly string[], most: number, more: string): string[] {
  const left = notes.length - most;
  return left <= 0 ? [...notes] : [...notes.slice(0, most), `And ${left} more ${more}.`];
}

/** The first `most` of a list as words, and how many more there are. */
export function listed(words: readonly string[], most: number): string {
  const left = words.length - most;
  return left <= 0 ? words.join(', ') : `${words.slice(0, most).join(', ')} and ${left} more`;
}

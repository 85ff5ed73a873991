import { asksHow, findRequestPiece } from '#src/inception/request-sentence.ts';
import { splitPieces } from '#src/inception/sentences.ts';
import { capitalise, cleanText, cutAtWord, startsWithVerb, stripAsking } from '#src/inception/wording.ts';

/** Fits a card's heading and a branch name. Characters. */
const maxTitleLength = 60;

/** A whole sentence ("Accents should be removed") gets no "Add" before it. */
const finite = /^\S+(?: \S+){0,5}? (?:should|must|is|are|has|have|can|will|may|becomes?|gives?|returns?)\b/i;
const openEnd =
  /\s+(?:a|an|the|and|or|but|of|for|with|to|in|on|at|by|from|that|which|who|so|as|is|are|be|it|its|their|your|my|our|if|when|where|than|into|up|not|can|will|should|e\.g|i\.e)$/i;
const breaks = [
  /\s+(?:so that|such that|because|in order to)\s.*$/i,
  /[.!?:;](?:\s.*)?$/,
  /\s[–—-]\s.*$/,
  /\s+(?:that|which|where|who)\s.*$/i,
  /,\s.*$/,
  /\s\([^)]*\)?.*$/,
  /\s+(?:when|if|with|using|without|for|from|to|in)\s.*$/i,
];

/** The sentence of a message that asks for something; else its first sentence; '' for an empty message. */
export function askingSentence(prose: string): string {
  const pieces = splitPieces(prose);
  return (findRequestPiece(pieces) ?? pieces[0])?.text ?? '';
}

/** A short imperative title of whole words, at most 60 characters, from what somebody asked for. */
export function createTitle(text: string): string {
  const plain = cleanText(stripAsking(cleanText(text))).replaceAll('`', '');
  let title = plain === '' ? 'Change from the conversation' : plain;
  if (!startsWithVerb(title) && !asksHow(text) && !finite.test(title)) title = `Add ${lowerFirst(title)}`;
  for (const pattern of breaks) {
    if (title.length <= maxTitleLength) break;
    const shorter = title.replace(pattern, '');
    if (shorter.split(' ').length >= 3) title = shorter;
  }
  title = cutAtWord(title, maxTitleLength).replace(/…$/, '');
  for (let previous = ''; previous !== title; ) {
    previous = title;
    title = title.replace(openEnd, '');
  }
  return capitalise(cleanText(title));
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]+(?:\s|$)/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

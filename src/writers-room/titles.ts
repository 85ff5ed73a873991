import { asksHow, findRequestPiece } from '#src/inception/request-sentence.ts';
import { splitPieces } from '#src/inception/sentences.ts';
import { keyTokens } from '#src/inception/tokens.ts';
import { capitalise, cleanText, cutAtWord, startsWithVerb, stripAsking } from '#src/inception/wording.ts';

/** Fits a card's heading and a branch name. Characters. */
const maxTitleLength = 60;

/** A whole sentence ("Accents should be removed") gets no "Add" before it. */
const finite = /^\S+(?: \S+){0,9}? (?:should|must|is|are|has|have|can|will|may|becomes?|gives?|returns?)\b/i;
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

/** "Here is the change as a diff": says that code follows, not what for. */
const handsOver = /^(?:so |ok(?:ay)?,? )?(?:here(?:'s|’s| is| are| it is| you go| we go)|attached)\b/i;
/** "Our greeter speaks only English" tells how things are. */
const tellsOfThings = /^(?:our|my|this|these|it|we|they|people|everyone|everybody)\s/i;

/** The sentence of a message that asks for something; else the first that says something; '' where none does. */
export function askingSentence(prose: string): string {
  const pieces = splitPieces(prose);
  return (findRequestPiece(pieces) ?? pieces.find(({ text }) => !handsOver.test(text)))?.text ?? '';
}

/** "a function slugify(title)", "a function called slugify": the name says it all. */
const namedFunction =
  /^((?:write|create|add|implement|build|make|define|provide) )(?:(?:me|us) )?(?:(?:a|an|the|another|one more) )?(?:(?:small|simple|new|pure|python|javascript|typescript|js|ts|go|rust|ruby|java|helper|utility|async|exported|little) )*(?:functions?|methods?|helper|utility)(?: (?:called|named))? (?=[\w$.]+\()/i;
const calledFunction =
  /^((?:write|create|add|implement|build|make|define|provide) )(?:(?:me|us) )?(?:(?:a|an|the|another) )?(?:[\w-]+ )?(?:function|method|helper) (?:called|named) (?=[A-Za-z_$][\w$]*)/i;

/**
 * A short imperative title of whole words, at most 60 characters, from what somebody asked for. `paths`: files that are
 * listed beside it anyway, and so need no naming here.
 */
export function createTitle(text: string, paths: readonly string[] = []): string {
  const plain = withoutPaths(cleanText(stripAsking(cleanText(text))).replaceAll('`', ''), paths)
    .replace(/,? (?:with|including|and|plus) (?:some |unit |a few )*tests?$/i, '')
    .replace(namedFunction, '$1')
    .replace(calledFunction, '$1')
    .replace(/^(\w+) (?:me|us) /, '$1 ');
  let title = plain === '' ? 'Change from the conversation' : plain;
  // An order put as a question is an order.
  if (startsWithVerb(title)) title = title.replace(/\?+$/, '');
  if (!startsWithVerb(title) && !asksHow(text) && !finite.test(title) && !tellsOfThings.test(title))
    title = `Add ${lowerFirst(title)}`;
  const whole = title;
  for (const pattern of breaks) {
    if (title.length <= maxTitleLength) break;
    const shorter = title.replace(pattern, '');
    // "Write a function" names nothing that could be told from the next story.
    if (shorter.split(' ').length >= 3 && keyTokens(shorter).size > 0) title = shorter;
  }
  title = cutAtWord(title, maxTitleLength).replace(/…$/, '');
  // "Half up" ends as somebody meant it to; what was cut here may end in the middle of a thought.
  const isCut = !whole.endsWith(title);
  for (let previous = ''; isCut && previous !== title; ) {
    previous = title;
    title = title.replace(openEnd, '');
  }
  return capitalise(cleanText(title));
}

/** "Write x in src/x.js": without "in src/x.js". */
function withoutPaths(text: string, paths: readonly string[]): string {
  let rest = text;
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    for (const written of new Set([path, `./${path}`, name])) {
      const quoted = written.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const place = ` (?:in|into|to|at|under|inside|as) (?:the |a |an )?(?:new |same )?(?:(?:file|module) )?(?:called |named )?${quoted}(?: file)?(?![\\w/-])`;
      const kind = `(?<=\\b(?:command|script|file|module|page|component|program|class|tool)) ${quoted}(?= (?:that|which) )`;
      const shorter = rest.replace(new RegExp(place, 'i'), '').replace(new RegExp(kind, 'i'), '');
      if (keyTokens(shorter).size > 0) rest = shorter;
    }
  }
  return cleanText(rest);
}

function lowerFirst(text: string): string {
  return /^(?:[A-Z][a-z]+|A)(?:\s|$)/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

import { capitalise, cleanText, cutAtWord, startsWithVerb, stripAsking } from './wording.ts';

/** Two lines on a phone. Characters. */
const maxFeatureLength = 110;

const reasons =
  /[,;\s–—-]+(?:so that|so (?:we|they|i|you|it|everyone|people|users?|the|that)\b|because|since (?:we|they|it|users?|the)\b|in order to|otherwise|which would|that way|that's why)\b.*$/i;
const openings =
  /^(?:(?:first|second|third|next|the next|another|last|the last) (?:one|story|user story|must-have|thing|is)?\s*(?:is)?\s*[:,]?\s*|right now,?\s*|for now,?\s*|for example,?\s*|for mvp(?: ?v?\d(?:\.\d)?)?,?\s*|ideally,?\s*|more broadly,?\s*|overall,?\s*|honestly,?\s*|in my (?:view|opinion),?\s*|by the way,?\s*|of course,?\s*|i (?:still )?think (?:that )?|we plan to |if possible,? |one issue: |also,? |additionally,? |maybe |perhaps |but |and |so |then |therefore,? |in addition,? |(?:i|we) would (?:also |still |actually )*(?:suggest|like to|like|recommend|propose|want to|want) )+/i;
const grade =
  /\s*[-–—,(]*\s*\b(?:this|it|that)(?:'s| is| was| became| might (?:actually )?be| should be) (?:more of )?an? (?:[a-z]+ )?(?:must|should|could|nice to|nice-to)[- ]have\b.*$/i;
/** "A pause button is useful, it would also …": the thing, not the praise. */
const praise =
  /^((?:an? |the )?[^,.;:–—]{3,60}?) (?:is|are|would be) (?:also |very |really |definitely )?(?:useful|important|desirable|convenient|a nice addition|nice to have)\b.*$/i;
const conditions =
  /^(?:if|when|since|because|though|although|whereas|as mentioned|as discussed|as agreed|as i said|for now|assuming)(?:\s[^,]{3,90})?,\s+(?:then )?(?=(?!(?:it|that|this|they|he|she|we|you|i)\b)\S)/i;
const tails =
  /(?:\s+(?:here|there|too|as well|again|then|either|please|though|etc|for example|and so on|right|for now|at the moment|in my opinion|i think))+$/i;
const openEnd =
  /\s+(?:a|an|the|and|or|but|of|for|with|to|in|on|at|by|from|that|which|who|so|as|is|are|be|it|its|their|your|if|when|where|than|into)$/i;

/** A feature's text as a tired person can read it: no politeness, no reasons, no Markdown, whole words, at most two lines. */
export function createFeatureText(raw: string): string {
  let text = cleanText(raw.replaceAll(/[’‘]/g, "'"));
  text = text.replace(/^\(?(?:us|story|feature|req)[- ]?#?\d+\)?[:.)]?\s+/i, '');
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = withoutSubject(stripAsking(afterEmptyTalk(text).replace(openings, '').replace(conditions, '')));
  }
  const short = text.replace(grade, '').replace(praise, '$1').replace(reasons, '');
  if (short.split(' ').length >= 2) text = short;
  if (text.length > maxFeatureLength) text = firstClause(text);
  text = cutAtWord(cleanText(text.replace(/\?+$/, '')), maxFeatureLength);
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = text.replace(tails, '').replace(/…$/, '').replace(openEnd, '');
  }
  return capitalise(cleanText(text));
}

/** "Bakers should see all orders": "see all orders". */
function withoutSubject(text: string): string {
  const does =
    /^(?:the |every |each |all |our )?[a-z-]+(?: [a-z-]+)? (?:can|could|should|must|may|wants? to|needs? to|(?:is|are) able to)(?: also| only| then| be able to)* (.{3,})$/i.exec(
      text,
    )?.[1];
  return does !== undefined && startsWithVerb(does) ? does : text;
}

/** "Everything is fine with the warehouse: there is sorting" and "It displays the model": what follows is the thing. */
function afterEmptyTalk(text: string): string {
  const listed =
    /^(?:everything|this|that|it|here|so|basically|one (?:issue|thing|more thing)|my (?:idea|suggestion)|(?:the )?idea|(?:i|we) (?:think|mean|have)[^:]*)(?: [^:.]{0,60})?: (.{8,})$/i.exec(
      text,
    )?.[1];
  return (listed ?? text).replace(
    /^it (?=(?:also )?(?:displays|shows|lists|sends|allows|lets|supports|tracks|counts|stores|imports|exports|keeps|saves|calculates|generates|creates|highlights)\b)/i,
    '',
  );
}

/** The longest beginning that ends at a clause and still says something. */
function firstClause(text: string): string {
  for (const mark of [
    /[.!]\s.*$/,
    /;\s.*$/,
    /\s[–—-]\s.*$/,
    /:\s.*$/,
    /\s\([^)]*\)/,
    /,\s+(?:and|but|which|where|who|while|then|with|e\.g)\b.*$/i,
    /,\s.*$/,
  ]) {
    const shorter = text.replace(mark, '');
    if (shorter.length <= maxFeatureLength && shorter.split(' ').length >= 4) return shorter;
  }
  return text;
}

/** Words that say nothing about what a sentence is about: English function words and the small change of meetings. */
const emptyWords = new Set(
  `a about above actually after again all also although am an and another any anyway are around as at back basically be because been before being below between both but by
  can case clearly come could course did do does doing done down each easily either etc even every example far few first for from further get getting give go going good got great
  had has have having he hello her here hi him his how however i if in into is it its itself just kind know last later least less let lets like little look lot made make makes making many may maybe me
  means might more most much must my myself need needed needs never new next no nor not now of off ok okay on once one only or other our ours out over own part perhaps please possible possibly pretty probably put
  quite rather really right same say second see seem seems shall she should show simple simply since so some something sort still such sure take than thank thanks that the their them then there these they thing things think this those through to together too try
  two under until up upon us use used using very via want wants was way we well were what when where whether which while who whole whom whose why will with within without would yes yet you your yours
  write create build implement add generate develop able become everyone everything feature features function like must-have should-have could-have user users story stories work works working`.split(
    /\s+/,
  ),
);

/** Lower case, straight quotes, no Markdown marks, single spaces: what two texts are compared by. */
export function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/[^\p{L}\p{N}'+#.-]+/gu, ' ')
    .replaceAll(/(^|\s)[.'-]+|[.'-]+(?=\s|$)/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Plural and verb endings off, so that "tasks" meets "task" and "sorting" meets "sort". Crude on purpose: only ever used to compare. */
function stem(word: string): string {
  if (word.length > 6 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 6 && word.endsWith('ing')) return undouble(word.slice(0, -3));
  if (word.length > 5 && word.endsWith('ed')) return undouble(word.slice(0, -2));
  if (word.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return undouble(word.slice(0, -1));
  return undouble(word);
}

function undouble(word: string): string {
  if (word.length > 4 && word.endsWith('e')) return word.slice(0, -1);
  if (word.length > 4 && /([bdgmnprt])\1$/.test(word)) return word.slice(0, -1);
  return word;
}

/** The words that a text is about, stemmed, each once, in order. */
export function keyTokens(text: string): Set<string> {
  const tokens = new Set<string>();
  for (const word of normalise(text).split(/[\s+/.'-]+/)) {
    if (word.length > 1 && !emptyWords.has(word)) tokens.add(stem(word));
  }
  return tokens;
}

/** Share of the smaller set that the larger one also holds, 0 to 1; 0 when either is empty. */
export function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const [small, large] = left.size <= right.size ? [left, right] : [right, left];
  if (small.size === 0) return 0;
  let shared = 0;
  for (const token of small) if (large.has(token)) shared += 1;
  return shared / small.size;
}

/** Shared tokens over all tokens (Jaccard), 0 to 1. */
export function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let shared = 0;
  for (const token of left) if (right.has(token)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}

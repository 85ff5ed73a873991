/** Signs that switch tests, checks and hooks off where they stand. */
const MARK =
  '(?:\\b(?:it|test|describe|t)\\.(?:skip|todo|only)\\b|\\bx(?:it|describe)\\b|--no-verify|@ts-(?:ignore|nocheck|expect-error)|\\b(?:eslint|oxlint|biome)-(?:disable|ignore)\\b|\\btype: ?ignore\\b|\\bnoqa\\b|\\bmark\\.(?:skip|xfail)\\b|@(?:disabled|ignore)\\b|\\bpasswithnotests\\b|\\bcontinue-on-error\\b|\\|\\| ?true\\b|\\bexit 0\\b|\\bexpect\\(true\\)|\\bassert true\\b)';
/** `Never push with …` forbids it; `replace assertions with …` asks for it. */
const WORDS = String.raw`(?: (?!(?:and|but|then)\b)[^\s,;!?]+){0,3}`;
const DIRECT_WORDS = String.raw`(?: (?!(?:and|but|then|with|by|through|using)\b)[^\s,;!?]+){0,3}`;
const FORBIDDING = String.raw`\b(?:(?:never|not|no|without|avoid|instead of|rather than)${WORDS}|(?:remove|replace|delete|forbid|find|mend|fix|refuse|reject)${DIRECT_WORDS})`;
const FORBIDDEN = new RegExp(`${FORBIDDING} [/# ]*${MARK}(?:(?:,| or| and| nor|, or) [/# ]*${MARK})*`, 'g');
const UNWANTED = new RegExp(MARK);

/** Whether a text asks for such a mark; to forbid one is what a good lesson does. */
export function asksForMark(text: string): boolean {
  return UNWANTED.test(text.toLowerCase().replaceAll(/[’`]/g, '').replaceAll("n't", ' not').replaceAll(FORBIDDEN, ''));
}

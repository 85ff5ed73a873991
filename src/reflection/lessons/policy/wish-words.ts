/** Pieces of the patterns that tell what a lesson asks for. They are looked for in a readable form, in small letters. */

/** What a lesson may not ask for, and how it is told to people. */
export interface Wish {
  sentence: string;
  /** In what is left once plain prohibitions are taken out. */
  asked: readonly RegExp[];
  /** In the whole: what is wrong because it is forbidden, such as `never run the tests`. */
  forbidden?: readonly RegExp[];
}

export const patterns = (...sources: string[]): RegExp[] => sources.map((source) => new RegExp(source));

/** Endings of English verbs; a stem stands without its last `e`. */
export const ENDING = '(?:e|es|ed|s|d|ing|en|[a-z]ed|[a-z]ing)?';

/** Any form of these verbs, as stems with a comma between them. */
export const verbs = (stems: string): string => String.raw`\b(?:${stems.split(', ').join('|')})${ENDING}\b`;

/** A word that names the object more closely. A preposition begins something else, and so does another verb. */
export const NAMED =
  String.raw`(?: (?!(?:in|of|at|on|from|for|after|before|when|while|until|between|by|during|with|within|to|but|if|than|because|so|that|inside|across|under)\b)` +
  String.raw`(?!(?:and|or) (?:run|start|write|mend|fix|check|add|do|then|test))[\w'@./-]+(?<!\.))`;
/** Between a verb and its object. */
export const GAP = `${NAMED}{0,5} `;
/** Up to eight words of the same sentence. */
export const NEAR = String.raw`(?: [\w'@./:$-]+(?<![.:])){0,8} `;

/** Named after tests, and none of them: `delete the test database`. */
const THINGS =
  'data|databases?|db|users?|accounts?|folders?|fixtures?|servers?|containers?|output|logs?|box|boxes|orders?|records?|rows?|warnings?|sums?|digits?|points?|mails?|keys?|pages?|products?|customers?';
/** Checks that a product makes itself. */
const OF_PRODUCTS = 'health|null|bounds|range|spell|stock|credit|version|existence|age|input|uniqueness|permission';
export const TESTS =
  String.raw`\b(?:tests?|test (?:suites?|cases?)|suites?|specs?|asserts?|assertions?|(?<!\b(?:${OF_PRODUCTS}) )checks?|` +
  String.raw`lint|lints|linter|ci|qa|quality gates?|gates|verification|pipelines?|coverage)\b(?! (?:${THINGS})\b)`;

/** What is plainly denied. */
export const NO = String.raw`\b(?:never|not|no need to|need not|no reason to|stop|refrain from|not (?:necessary|needed|required|worth it) to|unnecessary to)(?: have to| need to)?(?: to)?`;

export const OUR_WORK = String.raw`\b(?:pull requests?|prs?|changes?|tasks?|stories|lessons?|branches|branch|merges|reviews?|cards?|commits?|fix|fixes|code|everything|anything|documentation|docs|work|proposals?)\b`;
export const YES = '(?:approvals?|reviews?|permissions?|consent|confirmations?|sign offs?|approvers?|reviewers?)';
export const AGENTS =
  '(?:agents?|personas?|ollan|tess|mason|vera|piper|moltbot|the factory|bots?|everybody|everyone|anybody|anyone)';

/** Files and settings that say what the factory may do. */
export const GUARDED =
  String.raw`(?:factory\.ya?ml|protected (?:files?|paths?|areas?|folders?|branch\w*)|codeowners|\.github\b|workflow files?|branch protection|approvers|agents\.md|` +
  String.raw`claude\.md|\.git\/|git hooks?|guardrails?|safeguards?|automation ladder|rung)`;

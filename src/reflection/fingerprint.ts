import { createHash } from 'node:crypto';

/** A failure without what changes from run to run, so that the same one is known again. */
export interface Fingerprint {
  /**
   * Equal for failures of the same kind at the same place. sha256, hex: facts name it, and words of a repository must not
   * stand in them.
   */
  key: string;
  /** What kind of failure: `assertion`, `type-error`, `timeout`, `missing-module` … */
  kind: FailureKind;
  /** Files that it names, relative, without line numbers. */
  paths: string[];
}

export type FailureKind =
  | 'timeout'
  | 'missing-module'
  | 'missing-tool'
  | 'syntax'
  | 'type-check'
  | 'type-error'
  | 'reference-error'
  | 'assertion'
  | 'lost-test'
  | 'no-tests'
  | 'resources'
  | 'other';

/** The first that fits. What a runner says itself stands before what tests throw. */
const KINDS: readonly (readonly [RegExp, FailureKind])[] = [
  [/did not end in its time|timed? ?out|deadline exceeded/i, 'timeout'],
  [/used more memory|wrote more than it may|more processes than/i, 'resources'],
  [/is not there where checks run|command not found/i, 'missing-tool'],
  [/cannot find (?:module|package)|no module named|unresolved import|ERR_MODULE_NOT_FOUND/i, 'missing-module'],
  [/\bTS\d{4}\b|mypy|incompatible types?/i, 'type-check'],
  [/syntax ?error|unexpected token|parse error|invalid syntax/i, 'syntax'],
  [/\bTypeError\b|is not a function|cannot read propert/i, 'type-error'],
  [/\bReferenceError\b|\bNameError\b|is not defined|undefined:/i, 'reference-error'],
  [/passed before this change and is (?:gone|skipped)|ran before the change and was not run/i, 'lost-test'],
  [/no test ran|names of its tests could be read before/i, 'no-tests'],
  [/assert|expected|to (?:be|equal|deeply)|strictly equal|!=|not equal/i, 'assertion'],
];

/** In this order: what is longer or more particular first. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '<time>'],
  [/\b\d\d:\d\d:\d\d(?:\.\d+)?\b/g, '<time>'],
  [/\b0x[0-9a-f]+\b/gi, '<address>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/gi, '<hash>'],
  [/(?:\/[\w.@+-]+){2,}\//g, '<folder>/'],
  [/(\.[a-z]{1,4})(?:[:(]\d+(?:[:,]\d+)?\)?)/gi, '$1'],
  [/\bline \d+(?:,? col(?:umn)? \d+)?/gi, 'line <n>'],
  [/\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|sec(?:ond)?s?|min(?:ute)?s?)\b/gi, '<duration>'],
  [/\b(?:port|pid|process|worker|seed)[ :=]+\d+/gi, '<number>'],
  [/(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w])/gi, '<n>'],
];

const PATH = /(?:^|[\s"'`(])((?:[\w@.+-]+\/)*[\w@.+-]+\.[a-z]{1,5})(?=[\s"'`:,.)]|$)/gi;
/** Enough to know it again, and no novel. */
const MAX_KEY_CHARACTERS = 240;
/** What is looked at; runners print without end. */
const MAX_READ_CHARACTERS = 2_000;

/** `test`: null where the check does not name its tests. `text`: what was said about it. */
export function fingerprintOf(failure: { check: string; test: string | null; text: string }): Fingerprint {
  const text = failure.text.slice(0, MAX_READ_CHARACTERS);
  const test = failure.test?.slice(0, MAX_READ_CHARACTERS) ?? null;
  // A test that is named is the place; what it says first is the kind of failure there.
  const place = test === null ? '' : withoutChanging(test);
  const known = [failure.check, place, withoutChanging(text)].join(' | ').toLowerCase().slice(0, MAX_KEY_CHARACTERS);
  const key = createHash('sha256').update(known, 'utf8').digest('hex');
  return { key, kind: kindOf(text), paths: pathsIn(text, test) };
}

function kindOf(text: string): FailureKind {
  return KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
}

/** Ids, times, numbers and the like stand for themselves no more: the same thing said twice is the same text. */
export function withoutChanging(text: string): string {
  return CHANGING.reduce((rest, [pattern, stand]) => rest.replace(pattern, stand), text)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function pathsIn(...texts: (string | null)[]): string[] {
  const found = texts.flatMap((text) => [...(text ?? '').matchAll(PATH)].map(([, path = '']) => path));
  return [...new Set(found.filter((path) => path.includes('/')))];
}

import { cleanLine } from '#src/safety/clean-text.ts';
import type { BugPattern, RecurringFailure, RejectionReason } from '../failures.ts';
import type { FailureKind } from '../fingerprint.ts';
import type { Mend } from '../mends.ts';
import type { PlacedCause } from '../placed-causes.ts';

/** What is said of a test's own words. */
const MAX_NAME_CHARACTERS = 90;

/** What went wrong, as far as its kind tells. */
const KINDS: Readonly<Partial<Record<FailureKind, string>>> = {
  timeout: 'it ran out of time',
  'missing-module': 'a module could not be found',
  'missing-tool': 'a tool was not there',
  syntax: 'code could not be parsed',
  'type-check': 'types did not fit',
  'type-error': 'a value was not of the type that was expected',
  'reference-error': 'a name was not defined',
  assertion: 'something was not as expected',
  'lost-test': 'a test that passed before was gone',
  'no-tests': 'no test ran',
  resources: 'it took more than it may',
};

/** What helps whatever the test is. Kinds that can mean anything are not named. */
const ADVICE: Readonly<Partial<Record<FailureKind, string>>> = {
  timeout: 'Checks ran out of time in several tasks. Wait for things in tests and not for time.',
  'missing-module':
    'A module could not be found in several tasks. Import only what is in the repository or in its package file.',
  syntax: 'Code that could not be parsed came to the checks in several tasks. Read each file once more as it stands.',
  'type-check': 'Types did not fit in several tasks. Run the type check before you hand over.',
  'reference-error': 'Names that are not defined stopped several tasks. Look at imports before you hand over.',
  'lost-test': 'Several tasks lost a test that passed before. Look that each of them is still there and still runs.',
  'no-tests': 'In several tasks no test ran. Look that the test command finds the tests of the change.',
};

/** “In src/cart, “rounds half a cent up” failed in 4 of 11 tasks: something was not as expected. Run it before you hand over.” */
export function recurringText(
  { test, check, kind, folder, taskNumbers, ofTasks }: RecurringFailure,
  mend: Mend | null,
): string {
  const what = test === null ? `the check ${quoted(check)}` : quoted(test);
  const where = folder === null ? capital(what) : `In ${folder}, ${what}`;
  const why = KINDS[kind] === undefined ? '' : `: ${KINDS[kind]}`;
  const how =
    mend?.path == null
      ? 'Run it before you hand over.'
      : `In ${mend.inTasks} of them it passed once ${mend.path} was touched, so look there first.`;
  return `${where} failed in ${taskNumbers.length} of ${Math.max(ofTasks, taskNumbers.length)} tasks${why}. ${how}`;
}

/** Without counts, so that the same is known again next week. */
export function patternText({ kind, place }: BugPattern): string {
  const why = KINDS[kind];
  return `Work in ${place} failed its checks in several tasks${why === undefined ? '' : `, because ${why}`}. Run what covers it before you hand over.`;
}

export function placedText({ code, place }: PlacedCause): string {
  switch (code) {
    case 'rejected':
      return `Several changes in ${place} were turned down by people. Read the notes of earlier tasks there before you plan.`;
    case 'attempts-used-up':
      return `In ${place} several tasks used up all their attempts. Take smaller steps there, and run the checks after each.`;
    default:
      return `People asked for changes in several tasks that touched ${place}. Read what they asked for there before you hand over.`;
  }
}

/** null: there is nothing to advise. */
export function reasonText({ kind }: RejectionReason): string | null {
  return ADVICE[kind] ?? null;
}

function quoted(name: string): string {
  return `“${cleanLine(name, MAX_NAME_CHARACTERS).replaceAll(/[“”"„]/g, "'")}”`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

import type { Cause } from './analyse.ts';
import type { RecurringFailure } from './failures.ts';
import type { Share } from './statistics.ts';

/** What is said of a failure's own words. */
const MAX_TEST_CHARACTERS = 90;
/** More numbers than these are counted, not told. */
const MAX_NUMBERS = 4;

const CAUSES: Readonly<Record<string, string>> = {
  'attempts-used-up': 'Three attempts were not enough',
  'changes-requested': 'People asked for changes',
  'merge-conflict': 'A merge conflict stood in the way',
  'checks-failed': 'Checks failed after the base moved',
  'head-moved': 'A branch moved after its approval',
  'pull-request-closed': 'A pull request was closed by hand',
  rejected: 'A person said no',
};

export function causeSentence({ code, taskNumbers, seqs }: Cause): string {
  const what = CAUSES[code] ?? `Work stopped for “${code}”`;
  return `${what}: ${seqs.length === 1 ? 'once' : `${seqs.length} times`}, in ${tasksWords(taskNumbers)}.`;
}

export function recurringSentence({ check, test, times, taskNumbers }: RecurringFailure): string {
  const what = test === null ? `The check “${check}”` : `“${shortened(test)}”`;
  return `${what} failed ${times} times, in ${tasksWords(taskNumbers)}.`;
}

export function shareWords({ count, of }: Share): string {
  return `${count} of ${of}`;
}

export function tasksWords(numbers: readonly number[]): string {
  if (numbers.length === 1) return `task ${numbers[0]}`;
  if (numbers.length > MAX_NUMBERS) return `${numbers.length} tasks`;
  return `tasks ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

export function kindWords(kind: string): string {
  return `failures of the kind “${kind.replaceAll('-', ' ')}”`;
}

export function nameOf(persona: string): string {
  return persona.charAt(0).toUpperCase() + persona.slice(1);
}

/** A name that somebody gave, as long as a phone shows it. */
export function shortened(words: string, most: number = MAX_TEST_CHARACTERS): string {
  return words.length <= most ? words : `${words.slice(0, most).replace(/\s+\S*$/, '')} …`;
}

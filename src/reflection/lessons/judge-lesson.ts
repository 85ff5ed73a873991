import { FactoryError } from '#src/errors.ts';
import { cleanText } from '#src/safety/clean-text.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { disguises, givesOrders } from '#src/safety/suspicions.ts';
import { checksWeakened } from './policy/checks-weakened.ts';
import { withoutForbidden } from './policy/forbidding.ts';
import { germanWishes } from './policy/german-wishes.ts';
import { guardsLowered } from './policy/guards-lowered.ts';
import { hiddenFromPeople } from './policy/hidden-from-people.ts';
import { noPersonAsked } from './policy/no-person-asked.ts';
import { otherMachines } from './policy/other-machines.ts';
import { isDisguised, readableForm, withoutLeet } from './policy/readable-form.ts';
import { rulesSetAside } from './policy/rules-set-aside.ts';
import { secretsWanted } from './policy/secrets-wanted.ts';
import { asksForMark } from './policy/unwanted-marks.ts';

/** What is kept of a lesson's words, and why nothing may use them. */
export interface JudgedText {
  /** On one line, without hidden characters and secrets. */
  text: string;
  /** As sentences for people; empty: nothing speaks against it. */
  suspicions: string[];
}

/** In English; German has its own. Of other languages a word or two is known: there the person who accepts is the guard. */
const wishes = [
  rulesSetAside,
  checksWeakened,
  noPersonAsked,
  guardsLowered,
  secretsWanted,
  otherMachines,
  hiddenFromPeople,
];

/** It stands in front of every later task, so it is a remark and no document. */
export const MAX_LESSON_CHARACTERS = 500;

/**
 * Reads a lesson as a policy does, before anybody may accept it. It knows wordings and not meanings: of orders in words
 * that it was not made for it finds about a third, so a lesson without suspicions is no safer, and a person still decides. Throws FactoryError `lesson-empty`, `lesson-too-long`
 * and `lesson-paragraphs`: those a person can mend.
 */
export function judgeLesson(told: string): JudgedText {
  const clean = cleanText(told).trim();
  if (/\n[ \t]*\n/.test(clean)) {
    throw new FactoryError('lesson-paragraphs', 'A lesson is one paragraph, and this has several.', {
      fix: 'Tell each as a lesson of its own.',
    });
  }
  const line = clean.replaceAll(/\s+/g, ' ');
  if (line === '') {
    throw new FactoryError('lesson-empty', 'There are no words in this lesson.', {
      fix: 'Say what to remember, such as `remember: run the search tests before you hand over`.',
    });
  }
  if (line.length > MAX_LESSON_CHARACTERS) {
    throw new FactoryError('lesson-too-long', `A lesson of ${line.length} characters is more than a step can use.`, {
      fix: `Say it in at most ${MAX_LESSON_CHARACTERS} characters.`,
    });
  }
  const text = redactSecrets(line);
  return {
    text,
    suspicions: [...new Set([...(text === line ? [] : ['It holds a secret.']), ...suspicionsOf(told, line)])],
  };
}

/** `line`: what people see of what was told. */
function suspicionsOf(told: string, line: string): string[] {
  const form = readableForm(line);
  const forms = [...new Set([form, withoutLeet(form)])];
  const isCoded = (CODED.exec(line) ?? []).some((run) => /\d/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run));
  return [
    ...disguises(told),
    ...(isDisguised(line) || isCoded ? ['It is written so that people do not see what it says.'] : []),
    ...(asksForMark(line) ? [checksWeakened.sentence] : []),
    ...forms.flatMap(wishesIn),
  ];
}

/** What every web form sends along. */
const HARMLESS = /\b(?:csrf|xsrf) tokens?\b/g;
/** Base64 of more than a few words; hashes of commits have no capital letters. */
const CODED = /[A-Za-z0-9+/_-]{24,}={0,2}/;

function wishesIn(form: string): string[] {
  const rest = withoutForbidden(form);
  return [
    ...wishes
      .filter(
        ({ asked, forbidden = [] }) =>
          asked.some((pattern) => pattern.test(rest)) || forbidden.some((pattern) => pattern.test(form)),
      )
      .map(({ sentence }) => sentence),
    ...(givesOrders(rest.replaceAll(HARMLESS, 'value'))
      ? ['It tells whoever reads it to set rules or orders aside.']
      : []),
    ...germanWishes(form),
  ];
}

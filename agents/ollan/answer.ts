import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import { modelWords } from '../tools/model-words.ts';

/** What Ollan answers when he is done, or cannot go on. */
export const OllanAnswer = z.strictObject({
  summary: z.string(),
  blocker: z.strictObject({ reason: z.string(), fix: z.string() }).nullable(),
  notes: z.array(z.string()),
});
export type OllanAnswer = z.infer<typeof OllanAnswer>;

const SUMMARY_CHARACTERS = 400;
const BLOCKER_CHARACTERS = 600;
const MAX_NOTES = 10;

/** The answer's prose as people may see it. Throws FactoryError `ollan-blocked` when it is a blocker. */
export function wordsOf(answer: OllanAnswer): { summary: string; notes: string[] } {
  if (answer.blocker !== null) {
    const reason = modelWords(answer.blocker.reason, BLOCKER_CHARACTERS);
    const fix = modelWords(answer.blocker.fix, BLOCKER_CHARACTERS);
    throw new FactoryError(
      'ollan-blocked',
      reason === '' ? 'Ollan says that it cannot be done as it is asked.' : reason,
      {
        fix: fix === '' ? 'Say in this thread what is missing, then retry.' : fix,
      },
    );
  }
  return {
    summary: modelWords(answer.summary, SUMMARY_CHARACTERS),
    notes: answer.notes
      .map((note) => modelWords(note))
      .filter((note) => note !== '')
      .slice(0, MAX_NOTES),
  };
}

import { capitalise, cleanText, cutAtWord } from '#src/inception/wording.ts';
import type { Criterion } from './story.ts';

/** A criterion before it has a number in its story. */
export type CriterionDraft = Omit<Criterion, 'id'>;

/** One sentence on a phone. Characters. */
const maxTextLength = 200;

export function createCriterion(
  text: string,
  steps: { given?: string[]; when?: string[]; then: string[] },
  position: number,
): CriterionDraft {
  const tidy = (lines: string[] = []) =>
    lines.map((line) => cutAtWord(cleanText(line), maxTextLength)).filter((line) => line !== '');
  return {
    text: capitalise(cutAtWord(cleanText(text).replace(/^(?:and|but|also),? (?=\S+ \S)/i, ''), maxTextLength)),
    given: tidy(steps.given),
    when: tidy(steps.when),
    then: tidy(steps.then),
    evidence: [position],
  };
}

/** What should come out, whatever is done before it. */
export function outcome(sentence: string, position: number): CriterionDraft {
  return createCriterion(sentence, { then: [sentence] }, position);
}

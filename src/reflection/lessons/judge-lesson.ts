import { FactoryError } from '#src/errors.ts';
import { cleanText } from '#src/safety/clean-text.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { suspicions } from '#src/safety/suspicions.ts';

/** What is kept of a lesson's words, and why nothing may use them. */
export interface JudgedText {
  /** On one line, without hidden characters and secrets. */
  text: string;
  /** As sentences for people; empty: nothing speaks against it. */
  suspicions: string[];
}

/** It stands in front of every later task, so it is a remark and no document. */
export const MAX_LESSON_CHARACTERS = 500;

/**
 * Reads a lesson as a policy does, before anybody may accept it. Throws FactoryError `lesson-empty`, `lesson-too-long`
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
  return { text, suspicions: [...suspicions(told), ...(text === line ? [] : ['It holds a secret.'])] };
}

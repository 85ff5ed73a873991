import type { LessonScope } from '#src/reflection/lessons/lesson.ts';
import { isPersonaName, personaNames } from '#src/ports/personas.ts';

/** What people ask about lessons. */
export type LessonWord = { type: 'list' } | { type: 'remember'; scope: LessonScope; text: string };

const CALLED = String.raw`^(?:@?(?:${personaNames.join('|')})[,:]?\s+)?\/?`;
const LIST = new RegExp(`${CALLED}lessons\\s*[.!?]?$`, 'i');
/** Only a colon makes it an order: “remember that …” is how people talk. */
const REMEMBER = new RegExp(
  String.raw`${CALLED}remember(?:\s+(for|in)\s+@?(\S[^\s:：]*))?\s*[:：]\s*(\S[\s\S]*)$`,
  'i',
);

/**
 * `lessons`, `remember: run the search tests`, `remember for Vera: …` or `remember in src/cart: …`, with or without a
 * slash; null: other words. Whether the scope is one is judged where the lesson is.
 */
export function lessonWordIn(text: string): LessonWord | null {
  const typed = text.trim();
  if (LIST.test(typed)) return { type: 'list' };
  const [, where, key, words] = REMEMBER.exec(typed) ?? [];
  if (words === undefined) return null;
  return { type: 'remember', scope: scopeOf(where?.toLowerCase(), key ?? ''), text: words };
}

function scopeOf(where: string | undefined, key: string): LessonScope {
  if (where === undefined) return { kind: 'project', key: null };
  if (where === 'for') return { kind: 'persona', key: isPersonaName(key) ? key.toLowerCase() : key };
  // As people write a folder.
  return {
    kind: 'path',
    key: key
      .replace(/^`|`$/g, '')
      .replace(/^\.\//, '')
      .replace(/(?<=.)\/$/, ''),
  };
}

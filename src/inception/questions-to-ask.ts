import { slotQuestions } from './questions.ts';

/** Nobody answers more at once. */
const AT_ONCE = 4;
/** What fits a request of any kind; the other empty slots of a vision ask about a product. */
const SLOTS: ReadonlySet<string> = new Set([slotQuestions.finalClient, slotQuestions.problem]);
const ALL_SLOTS: ReadonlySet<string> = new Set(Object.values(slotQuestions));

/** What to ask whoever wrote a request that no story can be made of. `open`: the canvas's own questions, in its order. */
export function questionsToAsk(open: readonly string[]): string[] {
  const asked = open.filter((question) => !ALL_SLOTS.has(question) || SLOTS.has(question));
  return [...asked.slice(0, AT_ONCE), 'What should be there afterwards, and how would you see that it works?'];
}

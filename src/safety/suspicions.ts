import { cleanText, withoutTerminalEscapes } from './clean-text.ts';
import { commentsIn } from './html-comments.ts';
import { hasMarkers } from './markers.ts';

const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all|your|these|any)\b[^\n]{0,40}\b(?:instruction|prompt|rule|direction|guideline|polic|restriction)/i,
  /\byou are now\b[^\n]{0,60}\b(?:mode|unrestricted|jailb\w+|DAN|admin\w*|root|developer|free)\b/i,
  /\b(?:new|updated|real|actual) (?:system )?instructions?\s{0,4}:/i,
  /\b(?:reveal|print|show|repeat|output|leak|send|post|upload|exfiltrate)\b[^\n]{0,60}\b(?:system prompt|environment variables?|env vars?|api keys?|tokens?|secrets?|credentials)\b/i,
  /\b(?:do not|don't|never) (?:tell|inform|mention|alert)\b[^\n]{0,30}\b(?:user|human|person|people|reviewer|maintainer)/i,
];

/** A comment is hidden, so less is enough: anything that speaks to a reader who acts. */
const HIDDEN_ORDER =
  /(?<![\w-])(?:ignore|disregard|assistant|agent|copilot|chatgpt|claude|llm|AI|system|instructions?|you must|you should|execute|run|fetch|curl|print|send|reveal|tokens?|secrets?|approve|merge)(?![\w-])/i;

/**
 * What in a text looks as if it were meant for the model and not for people, as short sentences to show to people.
 * It is a hint and no more: nothing may be decided by it, and a text without suspicions is no safer. Empty when none.
 */
export function suspicions(text: string): string[] {
  return [
    ...disguises(text),
    ...(givesOrders(seenIn(text)) ? ['It tells whoever reads it to set its instructions aside.'] : []),
  ];
}

/** How a text hides a part of itself from people. Sentences as in `suspicions`. */
export function disguises(text: string): string[] {
  const lines = linesOf(text);
  const seen = cleanText(lines);
  const found: string[] = [];
  if (seen !== lines) found.push('It holds characters that nobody sees.');
  if (hasMarkers(seen)) found.push('It imitates the marks that set outside text apart.');
  if (commentsIn(seen).some((comment) => HIDDEN_ORDER.test(comment)))
    found.push('It has a hidden comment that gives orders.');
  return found;
}

/** Whether a text, as people see it, speaks to a model and not to them. */
export function givesOrders(seen: string): boolean {
  return ORDERS.some((order) => order.test(seen));
}

const linesOf = (text: string): string =>
  withoutTerminalEscapes(text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n'));
const seenIn = (text: string): string => cleanText(linesOf(text));

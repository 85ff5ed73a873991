import { mapCard } from '#src/desk/map-card.ts';
import type { Card } from '#src/ports/chat.ts';
import { cleanText } from '#src/safety/clean-text.ts';
import type { DrawContext } from './slack-message.ts';
import { shorten } from './words.ts';

const ACTORS = /(?<![\w:/.-])slack:[UWS][A-Z0-9]{2,30}(?![\w/-]|:\w)/g;
const LONGEST_NAME = 80;

/** The card as people read it: hidden characters gone, and people by their names. */
export function readableCard(card: Card, context: Pick<DrawContext, 'nameOf'>): Card {
  return mapCard(card, { words: (text) => readableText(text, context), code: cleanText });
}

export function readableText(text: string, context: Pick<DrawContext, 'nameOf'>): string {
  return cleanText(text).replaceAll(ACTORS, (actor) => nameWords(actor, context));
}

/** A display name as words: it is the person's own choice, and may be anything. */
export function nameWords(actor: string, { nameOf }: Pick<DrawContext, 'nameOf'>): string {
  const name = cleanText(nameOf(actor))
    .replaceAll(/[`*\s]+/g, ' ')
    .trim();
  return name === '' ? 'somebody' : shorten(name, LONGEST_NAME);
}

/** The Slack user behind an actor; null for one who is not in Slack. */
export function slackUser(actor: string): string | null {
  return /^slack:([UW][A-Z0-9]{2,20})$/.exec(actor)?.[1] ?? null;
}

/** The user group behind a name of approvers; null: it is none of Slack. */
export function slackGroup(actor: string): string | null {
  return /^slack:(S[A-Z0-9]{2,30})$/.exec(actor)?.[1] ?? null;
}

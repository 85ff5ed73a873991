import type { WebClient } from '@slack/web-api';
import type { Card, Post } from '#src/ports/chat.ts';
import { displayName } from '#src/ports/personas.ts';
import type { PersonaName } from '#src/ports/personas.ts';

/** Through whom something is said, and under which name and picture. */
export interface Speaker {
  client: WebClient;
  /** Empty where the app itself is the persona. */
  identity: Identity;
}

export type Identity =
  | Record<never, never>
  | { username: string; icon_url: string }
  | { username: string; icon_emoji: string };

/** The same speaker for all versions of a post: only the app that posted may edit. */
export type SpeakerFor = (post: Pick<Post, 'author' | 'card'>) => Speaker;

/**
 * Kinds of cards without buttons. Slack sends a press to the app that posted, and personas' own apps hear none; so what
 * may carry a button in any version goes through the one app. By kind, for that stays while a card is edited.
 */
const withoutButtons: ReadonlySet<Card['kind']> = new Set(['message', 'outcome']);

/** Shown where no picture can be had from outside. */
const emojis: Readonly<Record<PersonaName, string>> = {
  tess: ':clipboard:',
  piper: ':compass:',
  mason: ':triangular_ruler:',
  ollan: ':hammer_and_wrench:',
  vera: ':mag:',
  moltbot: ':ledger:',
};

/**
 * Personas with an app of their own say what has no buttons through it; all else goes through the one app, under the
 * persona's name. What people said elsewhere, and the factory itself, stand under the app's own name.
 */
export function createSpeakers({
  client,
  personaClients,
  avatarsUrl,
}: {
  client: WebClient;
  personaClients: Readonly<Partial<Record<PersonaName, WebClient>>>;
  /** Ends with a slash. */
  avatarsUrl: string | null;
}): SpeakerFor {
  return ({ author, card }) => {
    if (author.kind !== 'persona') return { client, identity: {} };
    const own = personaClients[author.name];
    if (own !== undefined && withoutButtons.has(card.kind)) return { client: own, identity: {} };
    return { client, identity: identityOf(author.name, avatarsUrl) };
  };
}

/** How the one app speaks as a persona. `avatarsUrl` ends with a slash. */
export function identityOf(persona: PersonaName, avatarsUrl: string | null): Identity {
  const picture = avatarsUrl === null ? { icon_emoji: emojis[persona] } : { icon_url: `${avatarsUrl}${persona}.png` };
  return { username: displayName(persona), ...picture };
}

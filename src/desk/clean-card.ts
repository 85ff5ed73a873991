import type { Card, PostDraft } from '#src/ports/chat.ts';
import { cleanOutbound, cleanOutboundCode } from '#src/safety/outbound.ts';
import { mapCard } from './map-card.ts';

/** The room's own pages and what runs on the same machine; no card of the factory links anywhere else. */
const ALLOWED_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** What is drawn from the ledger, fit to be shown: its words may be a model's or anybody's. */
export function cleanPost(post: PostDraft, secrets: readonly string[] = []): PostDraft {
  return { ...post, card: cleanCard(post.card, { secrets }) };
}

/**
 * A card with every text cleaned; in code only secrets are redacted. Threads, reasons and commands stay as they are.
 * `secrets`: the factory's own, by value.
 */
export function cleanCard(
  card: Card,
  {
    allowedHosts = ALLOWED_HOSTS,
    secrets = [],
  }: { allowedHosts?: readonly string[]; secrets?: readonly string[] } = {},
): Card {
  return mapCard(card, {
    words: (text) => cleanOutbound(text, { allowedHosts, known: secrets }),
    code: (text) => cleanOutboundCode(text, secrets),
  });
}

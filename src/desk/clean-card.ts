import type { Card, PostDraft } from '#src/ports/chat.ts';
import { cleanOutbound, cleanOutboundCode } from '#src/safety/outbound.ts';
import { mapCard } from './map-card.ts';

/** The room's own pages and what runs on the same machine; no card of the factory links anywhere else. */
const ALLOWED_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** What is drawn from the ledger, fit to be shown: its words may be a model's or anybody's. */
export function cleanPost(post: PostDraft): PostDraft {
  return { ...post, card: cleanCard(post.card) };
}

/** A card with every text cleaned; in code only secrets are redacted. Threads, reasons and commands stay as they are. */
export function cleanCard(card: Card, allowedHosts: readonly string[] = ALLOWED_HOSTS): Card {
  return mapCard(card, {
    words: (text) => cleanOutbound(text, { allowedHosts }),
    code: (text) => cleanOutboundCode(text),
  });
}

import type { PostDraft } from '#src/ports/chat.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

const OUTSIDE = /^(?:slack|discord):/;

/** Keeps that a post asks people outside of the room. Runs in the transaction that makes it; nobody is reminded of a reminder. */
export async function remindOf(
  em: EntityManager,
  { id, key, card, mentions }: { id: string } & Pick<PostDraft, 'key' | 'card' | 'mentions'>,
): Promise<void> {
  const isAsk = card.actions.length > 0 && card.outcome === null && mentions.some((actor) => OUTSIDE.test(actor));
  if (!isAsk || key.startsWith('reminder:')) return;
  await runSql(em, 'INSERT INTO reminders (post_id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
}

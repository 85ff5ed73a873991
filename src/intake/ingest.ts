import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { hashConversation } from './conversation-hash.ts';
import type { Conversation } from '#src/ports/conversation.ts';

export interface Ingest {
  projectId: string;
  conversation: Conversation;
  /** sha256 of the file that it came from, or null for live chat. */
  fileHash: string | null;
  actor: string;
}

/**
 * Keeps a conversation and records that it did. The same conversation again changes nothing; one that grew is kept
 * anew and pinned again.
 */
export async function ingestConversation(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  { projectId, conversation, fileHash, actor }: Ingest,
): Promise<void> {
  const stream = `conversation:${conversation.id}`;
  const contentHash = hashConversation(conversation);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    transaction.saveConversation({ ...conversation, projectId, fileHash });
    transaction.append(stream, events.length, [
      {
        type: 'conversation.ingested',
        body: {
          conversationId: conversation.id,
          projectId,
          source: conversation.source,
          messageCount: conversation.messages.length,
          contentHash,
        },
        ...factBy(actor, clock.now().toISOString()),
        idempotencyKey: contentHash,
      },
    ]);
  });
}

import { personsWords } from '#src/inception/canvas-edits.ts';
import type { CanvasEdit } from '#src/inception/canvas-edits.ts';
import { inceptionStream } from '#src/inception/keep-canvas.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

/** What people changed on the canvas of a conversation: the last edit of each item. */
export async function editsOf(
  views: Pick<UnitOfWork, 'ledger' | 'artifacts'>,
  conversationId: string,
): Promise<readonly CanvasEdit[]> {
  return (await personsWords(views, await views.ledger.stream(inceptionStream(conversationId)))).edits;
}

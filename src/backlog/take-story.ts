import { FactoryError } from '#src/errors.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { storiesStream } from '#src/writers-room/keep-stories.ts';

/** A person says that they do this story themself. Throws FactoryError when somebody was faster. */
export async function takeStory(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  { conversationId, storyId, actor }: { conversationId: string; storyId: string; actor: string },
): Promise<void> {
  const stream = storiesStream(conversationId);
  await unitOfWork.transact(async (transaction) => {
    const events = await transaction.events(stream);
    const story = await transaction.tables.get('stories', storyId);
    if (story?.status !== 'proposed') {
      throw new FactoryError('story-not-free', `This story is ${story?.status ?? 'gone'}.`, {
        fix: 'Take one that is still in the backlog.',
      });
    }
    transaction.append(stream, events.length, [
      {
        type: 'story.taken',
        body: { storyId, conversationId, taker: actor },
        ...factBy(actor, clock.now().toISOString()),
      },
    ]);
  });
}

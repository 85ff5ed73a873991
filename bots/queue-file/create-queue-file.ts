import { startInboxWorker } from '#bots/receiving/inbox-worker.ts';
import type { Post, PostStore } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { QueueTools } from './queue-tools.ts';
import { receiptOf, takeEntry, ToldEntry } from './taking/take-entry.ts';
import { createTellProblems } from './tell-problems.ts';
import { watchQueues } from './watching/watch-queues.ts';
import { keepWritingBack } from './writing/write-back.ts';

export interface QueueFileDependencies extends QueueTools {
  unitOfWork: Pick<UnitOfWork, 'inbox' | 'withLock' | 'tables' | 'conversations'>;
  posts: Pick<PostStore, 'say' | 'rewrite'>;
  /** Calls the listener after posts changed, which they do with every task; returns the way to stop. */
  onPosts: (listener: (posts: readonly Post[]) => void) => () => void;
  /** Tells everybody else of a post of ours. */
  tellPosts: (posts: readonly Post[]) => void;
  clock: Clock;
}

export interface QueueFile {
  /** Waits until what stands in the queues was worked on, and what came of it is written there. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Takes the entries of queues in bound folders in as conversations, and writes back how they stand. */
export function startQueueFile(deps: QueueFileDependencies): QueueFile {
  const { unitOfWork, clock, log } = deps;
  const worker = startInboxWorker({
    surface: 'queue-file',
    receiptOf,
    inbox: unitOfWork.inbox,
    clock,
    log,
    handle: async (body) => takeEntry(deps, ToldEntry.parse(body)),
  });
  const watching = watchQueues({
    ...deps,
    accept: (told) => worker.accept(told),
    tell: createTellProblems(deps.posts, deps.tellPosts),
  });
  const writing = keepWritingBack(deps);
  const unlisten = deps.onPosts(() => writing.nudge());
  return {
    async settle() {
      await watching.settle();
      await worker.settle();
      await writing.settle();
    },
    async stop() {
      unlisten();
      await watching.stop();
      await worker.stop();
      await writing.stop();
    },
  };
}

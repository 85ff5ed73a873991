import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startQueueFile } from '#bots/queue-file/create-queue-file.ts';
import type { QueueFile } from '#bots/queue-file/create-queue-file.ts';
import { originIdOf, threadOf } from '#bots/queue-file/queue-tools.ts';
import { createQueueFiles } from '#infra/queue-file/queue-files.ts';
import type { Post } from '#src/ports/chat.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { silentLog } from '#src/ports/log.ts';
import { QUEUE_FILE, type QueueFiles } from '#src/ports/queue-file.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { draft } from '#test/persistence/support.ts';
import { type TestRepository, workingClone, writeFiles } from '#test/support/repository.ts';

export interface InQueue {
  front: Front;
  projectId: string;
  repository: TestRepository;
  /** What a person saves: text, or entries. */
  save(content: string | readonly object[]): void;
  /** The file as it stands there. */
  text(): string;
  entries(): Record<string, unknown>[];
  /** Until the queue was read and written back. */
  quiet(): Promise<void>;
  /** As another process after a restart. */
  restart(): Promise<void>;
  conversation(id: string): Promise<KeptConversation | null>;
  /** The entry's own words; null: they were taken back, or never came in. */
  words(id: string): Promise<string | null>;
  posted: Post[];
}

/** A project that works on a clone of this machine, with a queue in it. `files`: what stands between, for faults. */
export async function inQueue(files: (real: QueueFiles) => QueueFiles = (real) => real): Promise<InQueue> {
  const front = await openFront();
  onTestFinished(() => front.close());
  const repository = workingClone();
  const { unitOfWork, posts } = front.tools;
  const { projectId } = await front.desk.createProject('local', 'Greeter');
  await unitOfWork.transact(async (transaction) => {
    const { length } = await transaction.events(`project:${projectId}`);
    const body = { repoId: randomUUID(), projectId, forge: 'local', path: repository.path, baseBranch: 'main' };
    transaction.append(`project:${projectId}`, length, [draft('repository.bound', body)]);
  });
  const posted: Post[] = [];
  const start = (): QueueFile =>
    startQueueFile({
      desk: front.desk,
      files: files(createQueueFiles()),
      unitOfWork,
      posts,
      onPosts: () => () => {},
      tellPosts: (told) => posted.push(...told),
      clock: systemClock,
      log: silentLog,
    });
  let running = start();
  onTestFinished(() => running.stop());
  const file = join(repository.path, QUEUE_FILE);
  const conversation = async (id: string): Promise<KeptConversation | null> => {
    const thread = await front.desk.threadAt(threadOf({ path: repository.path, id }));
    return thread === null ? null : unitOfWork.conversations.get(thread.id);
  };
  return {
    front,
    projectId,
    repository,
    posted,
    save(content) {
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
      writeFiles(repository.path, { [QUEUE_FILE]: text });
    },
    text: () => readFileSync(file, 'utf8'),
    entries: () => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[],
    quiet: () => running.settle(),
    async restart() {
      await running.stop();
      running = start();
    },
    conversation,
    async words(id) {
      const own = originIdOf({ path: repository.path, id });
      const text = (await conversation(id))?.messages.find(({ originId }) => originId === own)?.text ?? '';
      return text === '' ? null : text;
    },
  };
}

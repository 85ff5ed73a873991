import * as z from 'zod';
import type { Receipt } from '#bots/receiving/inbox-worker.ts';
import { isForgotten } from '#src/intake/is-forgotten.ts';
import { readQueue } from '#src/intake/queue-file/read-queue.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import { isOurs } from '../entry-status.ts';
import { boundFolders, originIdOf, threadOf } from '../queue-tools.ts';
import type { QueueTools } from '../queue-tools.ts';
import { wordsOf } from './entry-words.ts';

/** That something about an entry is other than before. What it says is read from the file when it is worked on. */
export const ToldEntry = z.strictObject({
  /** Unique: folder, entry and what the file looked like then. */
  key: z.string(),
  path: z.string(),
  id: z.string(),
  /** ISO 8601 UTC: when it was seen. */
  at: z.string(),
});
export type ToldEntry = z.infer<typeof ToldEntry>;

/** What happens to one entry is worked on one after the other. */
export function receiptOf(body: unknown): Receipt {
  const { key, path, id } = ToldEntry.parse(body);
  return { key, lane: originIdOf({ path, id }), isUrgent: false };
}

/**
 * Brings the conversation of an entry up to what stands in the file now: begins it, changes its words, and takes them
 * back where the entry is gone or its author closed it by hand. Nothing is committed by that, and what somebody committed
 * goes on. Doing it again changes nothing.
 */
export async function takeEntry(tools: QueueTools, { path, id, at }: ToldEntry): Promise<void> {
  const { desk, files, unitOfWork } = tools;
  const folder = (await boundFolders(unitOfWork.tables)).find((bound) => bound.path === path);
  const read = folder === undefined ? null : await files.read(folder);
  if (folder === undefined || read === null) return;
  const queue = readQueue(read.text);
  const entry = queue.entries.find((one) => one.id === id);
  // There, and unreadable: a person is at it, and is told where it is read.
  if (entry === undefined && queue.present.has(id)) return;

  const ref = { path, id };
  const thread = await desk.threadAt(threadOf(ref));
  const conversation = thread === null ? null : await unitOfWork.conversations.get(thread.id);
  if (isForgotten(conversation)) return;
  const originId = originIdOf(ref);
  if (entry !== undefined && isOurs(entry)) {
    const said = { originId, speaker: LOCAL_USER, role: 'person' as const, at, text: wordsOf(entry) };
    await desk.joinThread(LOCAL_USER, threadOf(ref), folder.projectId, [said]);
    return;
  }
  if (thread === null) return;
  const tasks = await unitOfWork.tables.find('story_tasks', { conversationId: thread.id }, { limit: 1 });
  if (tasks.length === 0) await desk.changeWords(LOCAL_USER, thread, originId, null);
}

import type { ChatThreadRow } from '#src/ledger/rows.ts';
import { questionsToAsk } from '#src/inception/questions-to-ask.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import type { EntryState } from '../entry-status.ts';
import { entryAt } from '../queue-tools.ts';
import type { QueueTools } from '../queue-tools.ts';
import { stateOf } from './entry-state.ts';

/** How the entries of a folder stand, by id. What a model is still to read is left out: it may find the stories. */
export async function readStates(
  tools: Pick<QueueTools, 'unitOfWork'>,
  path: string,
): Promise<ReadonlyMap<string, EntryState>> {
  const { tables } = tools.unitOfWork;
  const threads = await tables.find('chat_threads', { surface: 'queue-file', channel: path });
  const conversationId = threads.map((thread) => thread.conversationId);
  if (conversationId.length === 0) return new Map();
  const inceptions = new Map((await tables.find('inceptions', { id: conversationId })).map((row) => [row.id, row]));
  const stories = Map.groupBy(await tables.find('stories', { conversationId }), (row) => row.conversationId);
  const found = await tables.find('story_tasks', { conversationId });
  const requests = await tables.find('pull_requests', { taskId: found.map(({ id }) => id) });
  const numbers = new Map(requests.map(({ taskId, number }) => [taskId, number]));
  const tasks = Map.groupBy(
    found.map((task) => ({ ...task, pullRequest: numbers.get(task.id) ?? null })),
    (task) => task.conversationId,
  );

  const states = new Map<string, EntryState>();
  for (const thread of threads) {
    const inception = inceptions.get(thread.conversationId);
    if (inception === undefined || inception.refine) continue;
    const state = stateOf({
      stories: stories.get(thread.conversationId) ?? [],
      tasks: tasks.get(thread.conversationId) ?? [],
      questions: [],
      readAt: inception.updatedAt,
    });
    const settled = state.status === 'needs-answers' ? await askedState(tools, thread) : state;
    if (settled !== null) states.set(entryAt(thread).id, settled);
  }
  return states;
}

/** Once canvas and stories are of the same words; in between there are none yet. null: it is worked on otherwise by then. */
async function askedState(
  { unitOfWork }: Pick<QueueTools, 'unitOfWork'>,
  { conversationId }: Pick<ChatThreadRow, 'conversationId'>,
): Promise<EntryState | null> {
  return waitForLock(unitOfWork, `conversation:${conversationId}`, async () => {
    const { tables } = unitOfWork;
    const inception = await tables.get('inceptions', conversationId);
    const stories = await tables.find('stories', { conversationId });
    if (inception === null || inception.refine || stories.some(({ status }) => status !== 'removed')) return null;
    const where = { inceptionId: conversationId, kind: 'openQuestion' };
    const open = await tables.find('inception_items', where, { orderBy: 'position' });
    const questions = questionsToAsk(open.map(({ text }) => text));
    return stateOf({ stories: [], tasks: [], questions, readAt: inception.updatedAt });
  });
}

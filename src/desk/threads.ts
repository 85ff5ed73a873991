import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { isForgotten } from '#src/intake/is-forgotten.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import { type PlaceThread, placeThreadId, type SurfaceName } from '#src/ledger/place.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { ConversationMessage, ConversationSource, Skipped } from '#src/ports/conversation.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { card } from './cards/card-parts.ts';
import type { DeskTools } from './desk-tools.ts';
import { isApprover } from './approver.ts';
import { changeAlone, liveOrigin, takenIn, titleOf } from './say.ts';
import { takeIn } from './take-in.ts';

/** Words of a thread as its surface has them; `originId` is the surface's id of the message. */
export type ThreadWords = Omit<ConversationMessage, 'position' | 'originId'> & { originId: string };

/** What hangs under a message of a surface: an idea, a task, or nothing of ours (null). */
export async function threadAt(
  { unitOfWork, surfacePosts }: Pick<DeskTools, 'unitOfWork' | 'surfacePosts'>,
  thread: PlaceThread,
): Promise<ThreadRef | null> {
  const joined = await unitOfWork.tables.get('chat_threads', placeThreadId(thread));
  if (joined !== null) return { kind: 'idea', id: joined.conversationId };
  const root = await surfacePosts.postAt(thread, thread.root);
  return root?.thread.kind === 'task' ? root.thread : null;
}

/**
 * Takes a thread of a surface in as an idea, with what was said in it so far, oldest first. It is joined before its
 * words are kept, so whatever is posted finds its way there. Joining it again adds and changes what is new; a position
 * that was given stays.
 */
export async function joinThread(
  tools: DeskTools,
  request: {
    actor: string;
    thread: PlaceThread;
    projectId: string;
    words: readonly ThreadWords[];
    /** What of it is not taken in now; left out: as it was. */
    skipped?: Skipped[];
  },
): Promise<{ conversationId: string }> {
  const { thread, actor } = request;
  const id = placeThreadId(thread);
  const conversationId = `${thread.surface}-${createHash('sha256').update(id).digest('hex').slice(0, 20)}`;
  await join(tools, actor, thread, conversationId);
  await waitForLock(tools.unitOfWork, `conversation:${conversationId}`, () =>
    retryMoved(async () => {
      const kept = await tools.unitOfWork.conversations.get(conversationId);
      const conversation = {
        id: conversationId,
        title: kept?.title ?? titleOf(request.words[0]?.text ?? ''),
        source: SOURCES[thread.surface],
        skipped: request.skipped ?? kept?.skipped ?? [],
        messages: merge(kept?.messages ?? [], request.words),
      };
      const projectId = kept?.projectId ?? request.projectId;
      await takeIn(tools, { projectId, conversation, fileHash: null, actor });
    }),
  );
  return { conversationId };
}

const SOURCES: Readonly<Record<SurfaceName, ConversationSource>> = {
  slack: 'slack',
  discord: 'room',
  github: 'github',
  'queue-file': 'queue-file',
};

async function join(
  { unitOfWork, clock }: Pick<DeskTools, 'unitOfWork' | 'clock'>,
  actor: string,
  { surface, team, channel, root }: PlaceThread,
  conversationId: string,
): Promise<void> {
  const stream = `thread:${placeThreadId({ surface, team, channel, root })}`;
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      if ((await transaction.events(stream)).length > 0) return;
      transaction.append(stream, 0, [
        {
          type: 'thread.joined',
          body: { surface, team, channel, root, conversationId },
          ...factBy(actor, clock.now().toISOString()),
        },
      ]);
    }),
  );
}

function merge(kept: readonly ConversationMessage[], words: readonly ThreadWords[]): ConversationMessage[] {
  const now = new Map(words.map((said) => [said.originId, said]));
  const known = new Set<string>();
  const messages = kept.map((message) => {
    const origin = words.find(({ originId }) => isOf(message, originId));
    if (origin === undefined) return message;
    known.add(origin.originId);
    return { ...message, text: now.get(origin.originId)?.text ?? message.text };
  });
  for (const said of words) {
    if (!known.has(said.originId)) messages.push({ ...said, position: messages.length });
  }
  return messages;
}

function isOf(message: ConversationMessage, originId: string): boolean {
  return message.originId === originId || message.originId === liveOrigin(originId);
}

const TAKEN_BACK = 'This message was taken back.';

/** A person changed what they said, or took it back (null). Their place in the conversation stays, and what cites it. */
export async function changeWords(
  tools: DeskTools,
  { actor, thread, originId, text }: { actor: string; thread: ThreadRef; originId: string; text: string | null },
): Promise<void> {
  if (await areForgotten(tools, thread)) return;
  await tools.posts.rewrite(`said:${originId}`, card('message', text ?? TAKEN_BACK));
  if (thread.kind !== 'idea') return;
  await changeAlone(tools, thread.id, async (conversation: KeptConversation) => {
    const messages = conversation.messages.map((message) =>
      isOf(message, originId) ? { ...message, text: text ?? '' } : message,
    );
    if (messages.every((message, index) => message.text === conversation.messages[index]?.text)) return;
    const { projectId, fileHash, conversation: known } = takenIn(conversation);
    await takeIn(tools, { projectId, conversation: { ...known, messages }, fileHash, actor });
  });
}

/** Words that were erased do not come back because somebody edits them where they were said. */
async function areForgotten({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>, { kind, id }: ThreadRef): Promise<boolean> {
  const task = kind === 'task' ? await unitOfWork.tables.get('story_tasks', id) : null;
  return isForgotten(await unitOfWork.conversations.get(task?.conversationId ?? id));
}

/**
 * Erases the words of a conversation and of its tasks, everywhere, for whoever began it or an approver; others would take
 * it away from those who talk in it. FactoryError `may-not-forget`, and `still-worked-on` while a task works from them.
 */
export async function forgetConversation(
  tools: Pick<DeskTools, 'unitOfWork' | 'people' | 'approvers' | 'clock'>,
  actor: string,
  conversationId: string,
): Promise<void> {
  const { unitOfWork, clock } = tools;
  await requireMayForget(tools, actor, conversationId);
  const tasks = await unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
  const open = tasks.filter((task) => !hasEnded(task.state as TaskStatus));
  if (open.length > 0) {
    const numbers = open.map(({ number }) => number).join(', ');
    throw new FactoryError('still-worked-on', `Work is going on from this conversation (task ${numbers}).`, {
      fix: 'Stop it or wait for its end, then say forget again.',
    });
  }
  await unitOfWork.conversations.forget(conversationId);
  const stream = `conversation:${conversationId}`;
  // Recorded once the words are gone, so that the cards which others share with them are drawn without them.
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      transaction.append(stream, (await transaction.events(stream)).length, [
        {
          type: 'conversation.forgotten',
          body: { conversationId },
          ...factBy(actor, clock.now().toISOString()),
        },
      ]);
    }),
  );
}

async function requireMayForget(
  tools: Pick<DeskTools, 'unitOfWork' | 'people' | 'approvers'>,
  actor: string,
  conversationId: string,
): Promise<void> {
  const starter = await starterOf(tools, conversationId);
  if (actor === starter) return;
  const rights = await isApprover(tools, actor);
  if (rights.ok) return;
  const names = await tools.people.names(starter === null ? [] : [starter]);
  const who = starter === null ? 'an approver' : `${names.get(starter) ?? starter}, who began it, or an approver`;
  throw new FactoryError(
    'may-not-forget',
    'Only whoever began this conversation or an approver may have it forgotten.',
    {
      fix: `Ask ${who}.${rights.note === null ? '' : ` ${rights.note}`}`,
    },
  );
}

/** Who brought the conversation in first; null: it is not known. */
async function starterOf(
  { unitOfWork }: Pick<DeskTools, 'unitOfWork'>,
  conversationId: string,
): Promise<string | null> {
  const events = await unitOfWork.ledger.stream(`conversation:${conversationId}`);
  return events.find(({ type }) => type === 'conversation.ingested')?.actor ?? null;
}

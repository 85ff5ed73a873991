import { FactoryError } from '#src/errors.ts';
import { keepCanvas } from '#src/inception/keep-canvas.ts';
import { generationOf, keptConversationId } from '#src/intake/conversation-id.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import type { FileSource } from '#src/intake/file-source.ts';
import { importConversations } from '#src/intake/import.ts';
import { ingestConversation } from '#src/intake/ingest.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { keepStories } from '#src/writers-room/keep-stories.ts';
import type { ImportView } from './desk.ts';

type Tools = {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
  /** Whether a model may read what is said here. */
  modelFor(projectId: string, conversationId: string): Promise<boolean>;
};

/** Keeps a conversation, draws its canvas and writes its stories. Doing it again changes only what changed. */
export async function takeIn(
  tools: Tools,
  request: { projectId: string; conversation: Conversation; fileHash: string | null; actor: string },
): Promise<void> {
  await ingestConversation(tools, request);
  await redrawIdea(tools, request.projectId, request.conversation);
}

/** Draws canvas and stories of a conversation as it now stands. */
export async function redrawIdea(tools: Tools, projectId: string, conversation: Conversation): Promise<void> {
  const mayThink = await tools.modelFor(projectId, conversation.id);
  const kept = await keepCanvas(tools, projectId, conversation, mayThink);
  await keepStories(tools, projectId, conversation, kept);
}

/**
 * The id under which an imported conversation is kept in this project: the one it has already, or a free one.
 * `anew` asks for a free one in any case.
 */
export async function conversationIdFor(
  { unitOfWork }: Pick<Tools, 'unitOfWork'>,
  {
    originId,
    projectId,
    fileHash,
    anew,
  }: { originId: string; projectId: string; fileHash: string | null; anew: boolean },
): Promise<string> {
  if (fileHash !== null && !anew) {
    const kept = (await unitOfWork.conversations.findByFile(fileHash))
      .filter((conversation) => conversation.projectId === projectId)
      .map(({ id }) => ({ id, generation: generationOf(id, originId) }))
      .filter((candidate) => candidate.generation !== null)
      .toSorted((a, b) => (b.generation ?? 0) - (a.generation ?? 0));
    if (kept[0] !== undefined) return kept[0].id;
  }
  for (let generation = 1; ; generation += 1) {
    const id = keptConversationId(originId, generation);
    const taken = await unitOfWork.conversations.get(id);
    if (taken === null) return id;
    if (!anew && fileHash === null && taken.projectId === projectId) return id;
  }
}

/** Takes in every conversation of a file. A file that held nothing readable throws; single bad parts become problems. */
export async function importFile(
  tools: Tools,
  {
    project,
    file,
    fileHash,
    actor,
  }: { project: string | (() => Promise<string>); file: FileSource; fileHash: string; actor: string },
): Promise<ImportView> {
  const view: ImportView = { conversations: [], problems: [] };
  const open = typeof project === 'string' ? () => Promise.resolve(project) : project;
  let opened: Promise<string> | null = null;
  for await (const item of importConversations(file)) {
    if (item.kind === 'problem') {
      view.problems.push({ file: item.file, reason: item.reason });
      continue;
    }
    opened ??= open();
    const projectId = await opened;
    const id = await conversationIdFor(tools, { originId: item.conversation.id, projectId, fileHash, anew: false });
    const conversation = { ...item.conversation, id };
    await takeIn(tools, { projectId, conversation, fileHash, actor });
    view.conversations.push({
      id,
      title: conversation.title,
      messageCount: conversation.messages.length,
      skipped: conversation.skipped,
    });
  }
  return view;
}

/** The one conversation that is meant, by id or title; an error that lists them when that is not clear. */
export function chooseConversation(conversations: readonly Conversation[], wanted: string | null): Conversation {
  const listing = conversations.map(({ id, title }) => `${id} ("${title}")`).join(', ');
  if (wanted === null) {
    const [only, ...others] = conversations;
    if (only !== undefined && others.length === 0) return only;
    throw new FactoryError('which-conversation', `The file holds ${conversations.length} conversations: ${listing}.`, {
      fix: 'Name one with --conversation ID or --conversation TITLE.',
    });
  }
  const matches = conversations.filter(({ id, title }) => id === wanted || title === wanted);
  const [match, ...more] = matches;
  if (match === undefined)
    throw new FactoryError('no-such-conversation', `The file has no conversation "${wanted}". It holds: ${listing}.`, {
      fix: 'Use an id or a whole title from this list.',
    });
  if (more.length > 0)
    throw new FactoryError(
      'which-conversation',
      `Several conversations are called "${wanted}": ${matches.map(({ id }) => id).join(', ')}.`,
      { fix: 'Name one by its id.' },
    );
  return match;
}

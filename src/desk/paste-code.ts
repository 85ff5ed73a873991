import { reviseChangeSet } from '#src/backlog/revise-change-set.ts';
import { ChangeSetContent, TaskBrief } from '#src/backlog/task-brief.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { wordsFor } from './cards/task-words.ts';
import type { DeskTools } from './desk-tools.ts';
import { steerTask } from './steer.ts';

/**
 * Code in a blocked task's thread changes what the task brings, and is tried at once. Other words steer the work.
 * Code that is refused stays with the person, who sends it again later.
 */
export async function pasteCode(
  tools: DeskTools,
  task: Task,
  message: Message,
  text: string,
  keepWords: () => Promise<void>,
): Promise<DeskAnswer> {
  const pasted: Conversation = {
    id: `task:${task.taskId}`,
    title: '',
    source: 'room',
    skipped: [],
    messages: [
      { position: 0, speaker: message.actor, role: 'person', at: message.at, text, originId: message.originId },
    ],
  };
  const found = findChangeSets(pasted, findCodeBlocks(pasted.messages));
  const edits = found.changeSets.flatMap((changeSet) => changeSet.edits);
  if (edits.length === 0) {
    const refused = found.leftOut[0];
    if (refused !== undefined) return { ok: false, text: `${refused.path} was not taken: ${refused.reason}` };
    await keepWords();
    return steerTask(tools, task, message, text);
  }
  if (task.status !== 'blocked') return { ok: false, text: whyNotNow(task) };
  await keepWords();
  const revised = reviseChangeSet(
    await presentChangeSet(tools.unitOfWork, task),
    { edits, leftOut: found.leftOut },
    message.actor,
  );
  const artifact = jsonArtifact('change-set', revised);
  await controlTask(tools, {
    taskId: task.taskId,
    actor: message.actor,
    lane: tools.lane,
    command: { type: 'retry', revision: artifact.hash },
    artifacts: [artifact],
  });
  return { ok: true, text: null };
}

function whyNotNow({ number, status }: Task): string {
  if (status === 'in-review')
    return `Task ${number} waits for review. Press Request changes on its card, then paste the code again.`;
  if (['merged', 'rejected', 'cancelled'].includes(status)) {
    return `Task ${number} is over (${wordsFor(status)}). Paste the code into its idea's thread to start anew.`;
  }
  if (status === 'taken-over')
    return `Task ${number} is in a person’s hands. Commit the code on its branch, then say hand back.`;
  return `Task ${number} is at work just now (${wordsFor(status)}). Paste the code again when it asks for changes or is in review.`;
}

/** What a story without code brings before anybody pasted some. */
const NOTHING_YET: ChangeSetContent = {
  key: 'pasted',
  requestPosition: -1,
  acceptance: 'unconfirmed',
  acceptedBy: null,
  edits: [],
  leftOut: [],
};

/** The story's own code, or what an earlier paste made of it. */
async function presentChangeSet({ artifacts }: UnitOfWork, task: Task): Promise<ChangeSetContent> {
  const read = async (hash: string): Promise<unknown> => {
    const artifact = await artifacts.get(hash);
    if (artifact !== null) return contentOf(artifact);
    throw new FactoryError('artifact-erased', 'What this task was to build was erased.', {
      fix: 'Stop the task, and paste the code into a new idea.',
    });
  };
  if (task.artifacts.revision !== null) return ChangeSetContent.parse(await read(task.artifacts.revision));
  return TaskBrief.parse(await read(task.artifacts.brief)).changeSet ?? NOTHING_YET;
}

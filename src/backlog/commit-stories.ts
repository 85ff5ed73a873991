import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { InceptionItemRow, StoryRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { KeptConversation, Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { whyNotStarted } from './not-started.ts';
import { sprintToCommitInto } from './run-sprint.ts';
import type { TaskBrief } from './task-brief.ts';

export interface CommitStories {
  conversationId: string;
  storyIds: readonly string[];
  /** The person who commits, and so requests. */
  actor: string;
  lane: string;
  /** A model is there to write what the conversation holds no code for. */
  mayWrite: boolean;
  /** The project let a label begin it, in the actor's name. */
  begunBy?: 'label';
}

export interface CommitResult {
  committed: { taskId: string; storyId: string }[];
  /** Stories that nothing can build now, each with a sentence for a person. */
  notStarted: { storyId: string; title: string; reason: string }[];
}

type Tools = { unitOfWork: UnitOfWork; clock: Clock; ids: Ids };

/** Puts stories into the project's sprint: one task each, in the order in which they depend on one another. */
export async function commitStories(tools: Tools, request: CommitStories): Promise<CommitResult> {
  const { unitOfWork } = tools;
  const conversation = await unitOfWork.conversations.get(request.conversationId);
  if (conversation === null) {
    throw new FactoryError('no-such-conversation', 'This conversation is not here any more.', {
      fix: 'Import it again.',
    });
  }
  return waitForLock(unitOfWork, `project:${conversation.projectId}`, () =>
    unitOfWork.transact((transaction) => commitInto(transaction, tools, conversation, request)),
  );
}

async function commitInto(
  transaction: Transaction,
  { unitOfWork, clock, ids }: Tools,
  conversation: KeptConversation,
  { storyIds, actor, lane, mayWrite, begunBy }: CommitStories,
): Promise<CommitResult> {
  const { projectId } = conversation;
  const repo = (await transaction.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 }))[0];
  if (repo === undefined) {
    throw new FactoryError('no-repository', 'This project has no repository yet.', {
      fix: 'Name one, then commit the stories again.',
    });
  }
  const rows = await transaction.tables.find('stories', { id: storyIds, conversationId: conversation.id });
  const proposed = rows.filter((row) => row.status === 'proposed');
  const canStart = (row: StoryRow): boolean => row.hasChangeSet || mayWrite;
  const ready = inDependencyOrder(proposed.filter(canStart));
  const notStarted = await Promise.all(
    proposed
      .filter((row) => !canStart(row))
      .map(async (row) => ({ storyId: row.id, title: row.title, reason: await whyNotStarted(unitOfWork, row) })),
  );
  if (ready.length === 0) return { committed: [], notStarted };

  const at = clock.now();
  const sprintId = await sprintToCommitInto(
    transaction,
    { clock, ids },
    { projectId, goal: conversation.title, actor },
  );
  const tasks = await transaction.tables.find('story_tasks', { projectId });
  // A story that was turned down holds nobody up: what builds on it shows by its own checks whether it can do without.
  const counted = tasks.filter((task) => task.reverts === null && !['cancelled', 'rejected'].includes(task.state));
  const taskOfStory = new Map(counted.map((task) => [task.storyId, task.id]));
  const limits = await transaction.tables.find(
    'inception_items',
    { inceptionId: conversation.id, kind: ['constraint', 'openQuestion'] },
    { orderBy: 'position' },
  );
  let number = tasks.reduce((highest, task) => Math.max(highest, task.number), 0);
  const committed: CommitResult['committed'] = [];
  for (const story of ready) {
    const brief = writeBrief(conversation, await readDraft(unitOfWork, story), limits);
    const artifact = jsonArtifact('task-brief', brief);
    const taskId = ids.next();
    number += 1;
    const body = {
      taskId,
      projectId,
      conversationId: conversation.id,
      storyId: story.id,
      sprintId,
      featureId: ids.next(),
      repoId: repo.id,
      number,
      points: brief.points,
      dependsOn: story.dependsOn.flatMap((storyId) => taskOfStory.get(storyId) ?? []),
      requester: actor,
      ...(begunBy === undefined ? {} : { begunBy }),
    };
    transaction.putArtifact(artifact);
    transaction.append(`task:${taskId}`, 0, [
      { ...factBy(actor, at.toISOString()), type: 'story.committed', taskId, artifact: artifact.hash, body },
    ]);
    transaction.wake(lane, taskId);
    taskOfStory.set(story.id, taskId);
    committed.push({ taskId, storyId: story.id });
  }
  return { committed, notStarted };
}

function writeBrief(conversation: KeptConversation, draft: StoryDraft, limits: readonly InceptionItemRow[]): TaskBrief {
  const textsOf = (wanted: string) => limits.filter(({ kind }) => kind === wanted).map(({ text }) => text);
  const speakers = new Map(conversation.messages.map(({ position, speaker }) => [position, speaker]));
  return {
    title: draft.title,
    narrative: draft.narrative,
    points: draft.points,
    conversationId: conversation.id,
    conversationTitle: conversation.title,
    evidence: draft.evidence,
    criteria: draft.criteria,
    gherkin: draft.gherkin,
    constraints: textsOf('constraint'),
    // Those that somebody asked. What the canvas asks by itself, about the product, holds up no story.
    openQuestions: limits
      .filter(({ kind, evidence }) => kind === 'openQuestion' && evidence.length > 0)
      .map(({ text }) => text),
    speakers: Object.fromEntries(
      positionsOf(draft).map((position) => [String(position), speakers.get(position) ?? 'someone']),
    ),
    changeSet: draft.changeSet,
  };
}

function positionsOf(draft: StoryDraft): number[] {
  const cited = [...draft.evidence, ...draft.criteria.flatMap((criterion) => criterion.evidence)];
  const code =
    draft.changeSet === null
      ? []
      : [
          draft.changeSet.requestPosition,
          draft.changeSet.acceptedBy ?? -1,
          ...draft.changeSet.edits.map((edit) => edit.position),
        ];
  return [...new Set([...cited, ...code])].filter((position) => position >= 0);
}

async function readDraft(unitOfWork: UnitOfWork, row: StoryRow): Promise<StoryDraft> {
  const artifact = await unitOfWork.artifacts.get(row.draftArtifact);
  if (artifact === null) {
    throw new FactoryError('artifact-erased', `What was said about "${row.title}" was erased.`, {
      fix: 'Import the conversation again.',
    });
  }
  return contentOf(artifact) as StoryDraft;
}

/** Earlier stories first; a circle, which the writers' room never makes, would keep the given order. */
export function inDependencyOrder(stories: readonly StoryRow[]): StoryRow[] {
  const placed = new Set<string>();
  const ordered: StoryRow[] = [];
  const inBatch = new Set(stories.map((story) => story.id));
  let rest = [...stories];
  while (rest.length > 0) {
    const free = rest.filter((story) => story.dependsOn.every((id) => !inBatch.has(id) || placed.has(id)));
    const next = free.length > 0 ? free : rest;
    for (const story of next) placed.add(story.id);
    ordered.push(...next);
    rest = rest.filter((story) => !placed.has(story.id));
  }
  return ordered;
}

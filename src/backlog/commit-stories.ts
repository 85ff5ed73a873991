import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { StoryRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import type { TaskBrief } from './task-brief.ts';

/** Length of a sprint; Scrum allows up to four weeks, two is what most teams take. */
const SPRINT_DAYS = 14;
const DAY_MS = 86_400_000;

export interface CommitStories {
  conversationId: string;
  storyIds: readonly string[];
  /** The person who commits, and so requests. */
  actor: string;
  lane: string;
}

export interface CommitResult {
  committed: { taskId: string; storyId: string }[];
  /** Stories that nothing can build now, each with a sentence for a person. */
  notStarted: { storyId: string; title: string; reason: string }[];
}

export const NO_CODE_REASON =
  'The conversation holds no code for it. Add a model key, paste the code into the thread, or take the story yourself.';

/** Puts stories into the project's sprint: one task each, in the order in which they depend on one another. */
export async function commitStories(
  { unitOfWork, clock, ids }: { unitOfWork: UnitOfWork; clock: Clock; ids: Ids },
  request: CommitStories,
): Promise<CommitResult> {
  const conversation = await unitOfWork.conversations.get(request.conversationId);
  if (conversation === null) {
    throw new FactoryError('no-such-conversation', 'This conversation is not here any more.', {
      fix: 'Import it again.',
    });
  }
  const { projectId } = conversation;
  const speakers = Object.fromEntries(
    conversation.messages.map(({ position, speaker }) => [String(position), speaker]),
  );
  const locked = await waitForLock(unitOfWork, `project:${projectId}`, () =>
    unitOfWork.transact(async (transaction) => {
      const repo = (await transaction.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 }))[0];
      if (repo === undefined) {
        throw new FactoryError('no-repository', 'This project has no repository yet.', {
          fix: 'Name one, then commit the stories again.',
        });
      }
      const rows = await transaction.tables.find('stories', {
        id: request.storyIds,
        conversationId: request.conversationId,
      });
      const drafts = new Map<string, StoryDraft>();
      for (const row of rows) drafts.set(row.id, await readDraft(unitOfWork, row));
      const ready = inDependencyOrder(rows.filter((row) => row.status === 'proposed' && row.hasChangeSet));
      const result: CommitResult = {
        committed: [],
        notStarted: rows
          .filter((row) => row.status === 'proposed' && !row.hasChangeSet)
          .map(({ id, title }) => ({ storyId: id, title, reason: NO_CODE_REASON })),
      };
      if (ready.length === 0) return result;

      const at = clock.now();
      const sprintId = await openSprint(transaction, {
        projectId,
        goal: conversation.title,
        at,
        ids,
        actor: request.actor,
      });
      const tasks = await transaction.tables.find('story_tasks', { projectId });
      const taskOfStory = new Map(
        tasks.filter((task) => task.state !== 'cancelled').map((task) => [task.storyId, task.id]),
      );
      let number = tasks.reduce((highest, task) => Math.max(highest, task.number), 0);
      const constraints = await transaction.tables.find(
        'inception_items',
        { inceptionId: request.conversationId, kind: ['constraint', 'openQuestion'] },
        { orderBy: 'position' },
      );

      for (const story of ready) {
        const draft = drafts.get(story.id);
        if (draft === undefined || draft.changeSet === null) continue;
        const taskId = ids.next();
        number += 1;
        const brief = jsonArtifact('task-brief', {
          title: draft.title,
          narrative: draft.narrative,
          points: draft.points,
          conversationId: request.conversationId,
          conversationTitle: conversation.title,
          evidence: draft.evidence,
          criteria: draft.criteria,
          gherkin: draft.gherkin,
          constraints: constraints.filter(({ kind }) => kind === 'constraint').map(({ text }) => text),
          openQuestions: constraints.filter(({ kind }) => kind === 'openQuestion').map(({ text }) => text),
          speakers: Object.fromEntries(
            positionsOf(draft).map((position) => [String(position), speakers[String(position)] ?? 'someone']),
          ),
          changeSet: draft.changeSet,
        } satisfies TaskBrief);
        transaction.putArtifact(brief);
        transaction.append(`task:${taskId}`, 0, [
          {
            ...plain(request.actor, at),
            type: 'story.committed',
            taskId,
            artifact: brief.hash,
            body: {
              taskId,
              projectId,
              conversationId: request.conversationId,
              storyId: story.id,
              sprintId,
              featureId: ids.next(),
              repoId: repo.id,
              number,
              points: draft.points,
              dependsOn: story.dependsOn.flatMap((storyId) => taskOfStory.get(storyId) ?? []),
              requester: request.actor,
            },
          },
        ]);
        transaction.wake(request.lane, taskId);
        taskOfStory.set(story.id, taskId);
        result.committed.push({ taskId, storyId: story.id });
      }
      return result;
    }),
  );
  return locked;
}

function plain(actor: string, at: Date): Omit<EventDraft, 'type' | 'body'> {
  return {
    actor,
    agent: null,
    taskId: null,
    runId: null,
    artifact: null,
    cause: null,
    idempotencyKey: null,
    at: at.toISOString(),
  };
}

function positionsOf(draft: StoryDraft): number[] {
  const cited = [...draft.evidence, ...draft.criteria.flatMap((criterion) => criterion.evidence)];
  const code =
    draft.changeSet === null
      ? []
      : [draft.changeSet.requestPosition, ...draft.changeSet.edits.map((edit) => edit.position)];
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
function inDependencyOrder(stories: StoryRow[]): StoryRow[] {
  const placed = new Set<string>();
  const ordered: StoryRow[] = [];
  const inBatch = new Set(stories.map((story) => story.id));
  let rest = stories;
  while (rest.length > 0) {
    const free = rest.filter((story) => story.dependsOn.every((id) => !inBatch.has(id) || placed.has(id)));
    const next = free.length > 0 ? free : rest;
    for (const story of next) placed.add(story.id);
    ordered.push(...next);
    rest = rest.filter((story) => !placed.has(story.id));
  }
  return ordered;
}

async function openSprint(
  transaction: Transaction,
  { projectId, goal, at, ids, actor }: { projectId: string; goal: string; at: Date; ids: Ids; actor: string },
): Promise<string> {
  const sprints = await transaction.tables.find('sprints', { projectId });
  const open = sprints.find((sprint) => sprint.status === 'open');
  if (open !== undefined) return open.id;
  const sprintId = ids.next();
  const artifact = jsonArtifact('sprint-goal', { goal });
  transaction.putArtifact(artifact);
  transaction.append(`sprint:${sprintId}`, 0, [
    {
      ...plain(actor, at),
      type: 'sprint.started',
      artifact: artifact.hash,
      body: {
        sprintId,
        projectId,
        number: sprints.length + 1,
        startsAt: at.toISOString(),
        endsAt: new Date(at.getTime() + SPRINT_DAYS * DAY_MS).toISOString(),
      },
    },
  ]);
  return sprintId;
}

const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

/** Two people committing at once: the second waits for the first. */
async function waitForLock<T>(unitOfWork: UnitOfWork, key: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt += 1) {
    const locked = await unitOfWork.withLock(key, work);
    if (locked.ran) return locked.value;
    await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
  }
  throw new FactoryError('project-busy', 'Someone else is committing stories to this project.', {
    fix: 'Try again in a moment.',
    retryable: true,
  });
}

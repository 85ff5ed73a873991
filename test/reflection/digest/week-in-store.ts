import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { draft } from '#test/persistence/support.ts';
import { createPlantedLedger } from '../planted/ledger.ts';
import { writeTask } from '../planted/task-life.ts';
import type { TaskPlan } from '../planted/task-life.ts';

interface Store {
  unitOfWork: Pick<UnitOfWork, 'transact'>;
}

/** A task as little as a test wants to say of it. Without `fails` its checks are green at once. */
export interface TaskOfWeek {
  number: number;
  title: string;
  /** ISO 8601. */
  committedAt: string;
  fails?: { test: string; text: string };
  end?: TaskPlan['end'];
}

const MINUTE_MS = 60_000;

export async function writeProject({ unitOfWork }: Store, projectId: string, name: string, at: string): Promise<void> {
  await unitOfWork.transact(async (transaction) => {
    const body = { projectId, slug: projectId, name };
    transaction.append(`project:${projectId}`, 0, [draft('project.created', body, { at })]);
  });
}

/** Writes the life of tasks from their commitment on, as the factory does, to the store. Each of them takes about two hours. */
export async function writeTasks(
  { unitOfWork }: Store,
  projectId: string,
  tasks: readonly TaskOfWeek[],
): Promise<void> {
  for (const task of tasks) {
    const { ledger, add } = createPlantedLedger();
    const { number, title, committedAt, fails, end = 'merged' } = task;
    const finding = fails === undefined ? null : { check: 'test', ...fails };
    writeTask(add, {
      ...{ number, projectId, repoId: `${projectId}-repo`, end },
      committedAtMs: Date.parse(committedAt),
      ideaMs: 30 * MINUTE_MS,
      workMs: { scope: MINUTE_MS, plan: 2 * MINUTE_MS, build: 9 * MINUTE_MS, check: MINUTE_MS },
      queueMs: 500,
      failures: finding === null ? [] : [[finding]],
      reviewMs: 60 * MINUTE_MS,
    });
    await unitOfWork.transact(async (transaction) => {
      for (const { type, body, stream, seq: _, ...event } of ledger.events) {
        // The store has no conversation of it, and a replay would miss that.
        if (type === 'conversation.ingested') continue;
        const kept =
          type === 'story.committed'
            ? jsonArtifact('task-brief', { taskId: `${projectId}-task-${number}`, title, criteria: [] })
            : event.artifact === null
              ? null
              : await ledger.artifacts.get(event.artifact);
        if (kept !== null) transaction.putArtifact(kept);
        const { actor, agent, taskId, runId, at } = event;
        const facts = { actor, agent, taskId, runId, at, cause: null, idempotencyKey: null };
        const { length } = await transaction.events(stream);
        transaction.append(stream, length, [{ ...facts, artifact: kept?.hash ?? null, type, body } as EventDraft]);
      }
    });
  }
}

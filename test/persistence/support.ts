import type { EventDraft } from '#src/ledger/event.ts';
import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import { silentLog } from '#src/ports/log.ts';
import { migrate } from '#persistence/migrate.ts';
import { createOrm, type Orm } from '#persistence/orm.ts';
import { createUnitOfWork, type OpenUnitOfWork } from '#persistence/unit-of-work.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

export interface TestStore {
  database: TestDatabase;
  orm: Orm;
  unitOfWork: OpenUnitOfWork;
  close(): Promise<void>;
}

/** A migrated database of its own with a unit of work on it. */
export async function openTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  await migrate(database.connection);
  const orm = await createOrm(database.connection);
  const unitOfWork = createUnitOfWork({ orm, connection: database.connection, log: silentLog });
  return {
    database,
    orm,
    unitOfWork,
    async close() {
      await unitOfWork.close();
      await orm.close();
      await database.drop();
    },
  };
}

const T0 = '2026-11-20T09:00:00.000Z';

/** A draft with everything that the test does not care about filled in. */
export function draft<T extends EventType>(
  type: T,
  body: EventBodies[T],
  rest: Partial<Omit<EventDraft<T>, 'type' | 'body'>> = {},
): EventDraft<T> {
  return {
    type,
    body,
    actor: 'ada',
    agent: null,
    taskId: null,
    runId: null,
    artifact: null,
    cause: null,
    idempotencyKey: null,
    at: T0,
    ...rest,
  };
}

export const project = (projectId: string) =>
  draft('project.created', { projectId, slug: projectId, name: `Project ${projectId}` });

import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '#persistence/migrate.ts';
import { runSql } from '#persistence/sql.ts';
import { createProject } from '#test/code-factory/floor.ts';
import { draft, openTestStore } from './support.ts';
import type { TestStore } from './support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('what waits for changes is told apart in a database of before, as replay has it', async () => {
  const { unitOfWork, orm, database } = store;
  const project = await createProject(unitOfWork);
  const block = async (...codes: string[]): Promise<string> => {
    const taskId = await project.commit();
    const stream = `task:${taskId}`;
    await unitOfWork.transact(async (transaction) => {
      const body = { taskId, runId: null, waitsFor: 'ada', approvalId: null };
      const { length } = await transaction.events(stream);
      transaction.append(
        stream,
        length,
        codes.map((code) => draft('task.blocked', { ...body, code }, { taskId })),
      );
    });
    return taskId;
  };
  const asked = await block('no-code', 'changes-requested');
  const stuck = await block('changes-requested', 'no-code');
  const kinds = async () => {
    const rows = await unitOfWork.tables.find('story_tasks', { id: [asked, stuck] });
    return new Map(rows.map(({ id, waitingKind }) => [id, waitingKind]));
  };
  const replayed = new Map([
    [asked, 'changes'],
    [stuck, 'blocked'],
  ]);
  expect(await kinds()).toEqual(replayed);

  const em = orm.em.fork();
  await runSql(em, "UPDATE story_tasks SET waiting_kind = 'blocked'");
  await runSql(em, "DELETE FROM migrations WHERE name = '20261129-changes-waited-for'");
  expect(await migrate(database.connection)).toEqual(['20261129-changes-waited-for']);
  expect(await kinds()).toEqual(replayed);
});

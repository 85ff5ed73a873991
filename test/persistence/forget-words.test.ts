import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { replay } from '#persistence/replay.ts';
import { runSql } from '#persistence/sql.ts';
import { callStream } from '#src/model-calls/call-id.ts';
import { answerOf, createFakeModel, openCalls, PLAIN, requestOf, scopeOf } from '#test/model-calls/fake-model.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import { writeHistory } from './history.ts';
import { draft, openTestStore, type TestStore } from './support.ts';

/** Words of a person that stand nowhere else. */
const WORDS = 'the-canary-sang-in-kilburn';

let store: TestStore;
const em = () => store.orm.em.fork();
beforeAll(async () => {
  store = await openTestStore();
  await writeHistory(store.unitOfWork, 'one');
  await writeHistory(store.unitOfWork, 'two');
});
afterAll(() => store.close());

/** Every table that holds the words in any of its columns, the ledger included. */
async function tablesWithWords(): Promise<string[]> {
  const tables = await runSql<{ name: string }>(
    em(),
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await runSql(em(), `SELECT FROM "${name}" AS row WHERE strpos(row::text, '${WORDS}') > 0 LIMIT 1`);
    if (rows.length > 0) found.push(name);
  }
  return found.toSorted();
}

it('a conversation that a model read, for itself and for a task, leaves no word of a person behind when it is forgotten', async () => {
  const { unitOfWork } = store;
  const model = createFakeModel(() =>
    answerOf(`You said ${WORDS}.`, { toolCalls: [{ id: 'a', name: 'search', arguments: `{"pattern":"${WORDS}"}` }] }),
  );
  const mine = { projectId: 'two-p', conversationId: 'two-talk' };
  const ofConversation = scopeOf({ ...mine, taskId: null, runId: null, step: 'refine', persona: 'piper' });
  const ofTask = scopeOf({ ...mine, taskId: 'two-t2', runId: 'two-t2-r' });
  for (const scope of [ofConversation, ofTask])
    await openCalls(unitOfWork, { scope, model }).ask(requestOf(`They say: ${WORDS}`), PLAIN);
  // Asked and never answered: the process died.
  const dying = createFakeModel(() => {
    throw new Error(`died over ${WORDS}`);
  });
  await openCalls(unitOfWork, { scope: { ...ofTask, occasion: '99' }, model: dying })
    .ask(requestOf(`Again: ${WORDS}`), PLAIN)
    .catch(() => undefined);
  const steering = textArtifact('steering', 'text/plain', `Rather ${WORDS}`);
  await unitOfWork.transact(async (transaction) => {
    transaction.putArtifact(steering);
    const { length } = await transaction.events('task:two-t2');
    transaction.append('task:two-t2', length, [
      draft(
        'steering.given',
        { taskId: 'two-t2', steeringId: 'two-s9' },
        { taskId: 'two-t2', runId: 'two-t2-r', actor: 'ada', agent: null, artifact: steering.hash },
      ),
    ]);
  });
  const head = await unitOfWork.ledger.head();
  const callsBefore = (await unitOfWork.ledger.stream(callStream('two-t2'))).length;
  expect(await tablesWithWords()).toEqual(['artifacts']);

  await unitOfWork.conversations.forget('two-talk');

  expect(await tablesWithWords()).toEqual([]);
  expect(await unitOfWork.ledger.head()).toEqual(head);
  expect((await unitOfWork.ledger.stream(callStream('two-t2'))).length).toBe(callsBefore);
  expect((await replay(store.orm, { verify: true })).differences).toEqual([]);
  expect(await verifyLedger(createLedgerReader(em))).toMatchObject({ verified: true });
});

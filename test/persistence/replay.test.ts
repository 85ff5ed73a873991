import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventType } from '#src/ledger/event-types.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { projectionTables } from '#persistence/projection-entities.ts';
import { replay } from '#persistence/replay.ts';
import { runSql } from '#persistence/sql.ts';
import { canvasContent, historyTypes, writeHistory } from './history.ts';
import { draft, openTestStore, type TestStore } from './support.ts';

let store: TestStore;
const em = () => store.orm.em.fork();
const verify = (run?: string) => replay(store.orm, { ...(run === undefined ? {} : { run }), verify: true });

beforeAll(async () => {
  store = await openTestStore();
  await writeHistory(store.unitOfWork, 'one');
  await writeHistory(store.unitOfWork, 'two');
});
afterAll(() => store.close());

/** Does something by hand, sees what replay says of it, and puts it back. */
async function byHand(doing: string, undoing: string, run?: string) {
  await runSql(em(), doing);
  try {
    return (await verify(run)).differences;
  } finally {
    await runSql(em(), undoing);
  }
}

describe('replay of a history with every kind of fact', () => {
  it('has every kind of fact and rows in every table', async () => {
    const types = new Set((await store.unitOfWork.ledger.read(0, 10_000)).map(({ type }): EventType => type));
    expect(historyTypes.filter((type) => !types.has(type))).toEqual([]);
    for (const table of projectionTables) expect(await store.unitOfWork.tables.find(table, {}), table).not.toEqual([]);
  });

  it('sums in the database what a reader would add up from the rows', async () => {
    const { tables } = store.unitOfWork;
    const columns = ['countedTokens', 'countedMicroUsd', 'latencyMs'] as const;
    const rows = await tables.find('model_calls', {});
    const added = columns.map((column) => [column, rows.reduce((sum, row) => sum + row[column], 0)]);
    expect(await tables.sum('model_calls', columns, {})).toEqual(Object.fromEntries(added));
    expect(added.every(([, sum]) => Number(sum) > 0)).toBe(true);
    const none = { countedTokens: 0, countedMicroUsd: 0, latencyMs: 0 };
    expect(await tables.sum('model_calls', columns, { taskId: 'nobody' })).toEqual(none);
  });

  it('rebuilds every table column for column', async () => {
    const { events } = await verifyLedger(createLedgerReader(em));
    expect(await verify()).toEqual({ run: null, events, differences: [] });
  });

  it('replays one run alone', async () => {
    const report = await verify('one-t1-r');
    expect(report).toMatchObject({ run: 'one-t1-r', differences: [] });
    const ofTask = (await store.unitOfWork.ledger.read(0, 10_000)).filter(({ taskId }) => taskId === 'one-t1');
    expect(report.events).toBe(ofTask.length);
    await expect(verify('nowhere')).rejects.toMatchObject({ code: 'run-not-found' });
  });

  it('compares nothing unless asked', async () => {
    await runSql(em(), "UPDATE stories SET title = title || '!' WHERE id = 'one-s-late'");
    expect((await replay(store.orm, { verify: false })).differences).toEqual([]);
    await runSql(em(), "UPDATE stories SET title = left(title, -1) WHERE id = 'one-s-late'");
    expect((await verify()).differences).toEqual([]);
  });

  it.each([
    ['sprints', 'one-sprint', 'goal', "'mine'", 'mine'],
    ['story_tasks', 'one-t1', 'points', '99', 99],
    ['story_tasks', 'one-t1', 'ended_at', "ended_at + interval '1 ms'", expect.any(String)],
    ['story_tasks', 'one-t2', 'depends_on', `'["a"]'`, ['a']],
    ['inception_features', 'one-talk/search', 'in_mvp', 'NULL', null],
    ['task_runs', null, 'duration_ms', 'duration_ms + 0.25', 13],
    ['qa_runs', null, 'exit_code', 'coalesce(exit_code, 0) + 1', expect.any(Number)],
    ['approvals', 'one-ap1', 'by_requester', 'false', false],
  ])('reports a hand-edited %s.%s.%s', async (table, wanted, column, value, row) => {
    const [picked] = await runSql<{ id: string }>(em(), `SELECT id FROM ${table} ORDER BY id LIMIT 1`);
    const id = wanted ?? picked?.id ?? '';
    await runSql(em(), `CREATE TABLE honest AS SELECT * FROM ${table}`);
    const differences = await byHand(
      `UPDATE ${table} SET ${column} = ${value} WHERE id = '${id}'`,
      `UPDATE ${table} SET ${column} = honest.${column} FROM honest WHERE honest.id = ${table}.id`,
    );
    await runSql(em(), 'DROP TABLE honest');
    const property = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(differences).toMatchObject([{ table, id, column: property, row }]);
    expect(differences[0]?.ledger).not.toEqual(differences[0]?.row);
  });

  it('reports a row too many and a row too few', async () => {
    const added = await byHand(
      "INSERT INTO projects VALUES ('extra', 'extra', 'Extra', now())",
      "DELETE FROM projects WHERE id = 'extra'",
    );
    expect(added).toEqual([{ table: 'projects', id: 'extra', column: 'id', ledger: null, row: 'extra' }]);
    await runSql(em(), "CREATE TABLE gone AS SELECT * FROM epics WHERE id = 'one-e-find'");
    const removed = await byHand("DELETE FROM epics WHERE id = 'one-e-find'", 'INSERT INTO epics SELECT * FROM gone');
    expect(removed).toEqual([{ table: 'epics', id: 'one-e-find', column: 'id', ledger: 'one-e-find', row: null }]);
  });

  it('looks only at what a run touched when asked for the run', async () => {
    const edit = (id: string, run: string) =>
      byHand(
        `UPDATE story_tasks SET points = points + 1 WHERE id = '${id}'`,
        `UPDATE story_tasks SET points = points - 1 WHERE id = '${id}'`,
        run,
      );
    expect(await edit('two-t1', 'one-t1-r')).toEqual([]);
    expect(await edit('one-t1', 'one-t1-r')).toMatchObject([{ table: 'story_tasks', id: 'one-t1', column: 'points' }]);
  });

  it('reports a conversation that is not as it was pinned', async () => {
    const changed = await byHand(
      "UPDATE messages SET text = text || '.' WHERE conversation_id = 'one-talk' AND position = 1",
      "UPDATE messages SET text = left(text, -1) WHERE conversation_id = 'one-talk' AND position = 1",
    );
    expect(changed).toMatchObject([{ table: 'conversations', id: 'one-talk', column: 'contentHash' }]);
    await runSql(
      em(),
      "CREATE TABLE lost AS SELECT * FROM messages WHERE conversation_id = 'one-talk' AND position = 2",
    );
    const shorter = await byHand(
      "DELETE FROM messages WHERE conversation_id = 'one-talk' AND position = 2",
      'INSERT INTO messages SELECT * FROM lost',
    );
    expect(shorter).toMatchObject([{ column: 'messageCount', ledger: 3, row: 2 }, { column: 'contentHash' }]);
  });

  it('reports an artifact that is not what its hash says, or is not there at all', async () => {
    const [note] = await runSql<{ hash: string }>(
      em(),
      "SELECT hash FROM artifacts WHERE kind = 'memory-note' LIMIT 1",
    );
    const hash = note?.hash ?? '';
    const changed = await byHand(
      `UPDATE artifacts SET content = content || '.' WHERE hash = '${hash}'`,
      `UPDATE artifacts SET content = left(content, -1) WHERE hash = '${hash}'`,
    );
    expect(changed).toMatchObject([{ table: 'artifacts', id: hash, column: 'content' }]);
    await runSql(em(), `CREATE TABLE lost_artifact AS SELECT * FROM artifacts WHERE hash = '${hash}'`);
    const removed = await byHand(
      `DELETE FROM artifacts WHERE hash = '${hash}'`,
      'INSERT INTO artifacts SELECT * FROM lost_artifact',
    );
    expect(removed).toEqual([{ table: 'artifacts', id: hash, column: 'hash', ledger: hash, row: null }]);
    expect((await verify()).differences).toEqual([]);
  });

  it('stops at an event that it does not know, and names it', async () => {
    const lone = await openTestStore();
    try {
      await runSql(
        lone.orm.em.fork(),
        `SELECT ledger_append('[{"stream":"s","expected":0,"type":"dream.dreamt","version":1,"actor":"a","at":"2026-11-20T09:00:00.000Z","body":"{}"}]')`,
      );
      const { firstBad } = await verifyLedger(createLedgerReader(() => lone.orm.em.fork()));
      expect(firstBad).toBeNull();
      await expect(replay(lone.orm, { verify: true })).rejects.toMatchObject({
        code: 'ledger-unknown-event',
        message: expect.stringContaining('Event 1 (dream.dreamt'),
      });
    } finally {
      await lone.close();
    }
  });
});

describe('forgetting a conversation', () => {
  const columnsWithWords = [
    ['artifacts', 'content'],
    ['stories', 'title'],
    ['story_tasks', 'title'],
    ['features', 'title'],
    ['feature_tests', 'text'],
    ['inception_features', 'text'],
    ['inception_items', 'text'],
    ['git_commits', 'title'],
  ] as const;

  it('leaves no word of it in any table and replays as erased', async () => {
    const { conversations, ledger } = store.unitOfWork;
    const before = await ledger.head();
    await runSql(
      em(),
      `INSERT INTO chat_posts (id, key, thread_kind, thread_id, author, card, mentions, version, posted_at)
       SELECT key, key, kind, thread, '{}', '{"lead":"words of two"}', '["ada"]', 1, now()
       FROM (VALUES ('i2', 'idea', 'two-talk'), ('t2', 'task', 'two-t1'), ('i1', 'idea', 'one-talk')) AS given (key, kind, thread)`,
    );
    const words = async () => {
      const counts: Record<string, number> = {};
      for (const [table, column] of columnsWithWords) {
        const rows = await runSql(em(), `SELECT FROM ${table} WHERE ${column} LIKE '%caf%double%two%'`);
        counts[`${table}.${column}`] = rows.length;
      }
      return counts;
    };
    expect(Object.values(await words()).every((count) => count > 0)).toBe(true);
    await conversations.forget('two-talk');
    expect(
      Object.values(await words()).every((count) => count === 0),
      JSON.stringify(await words()),
    ).toBe(true);
    expect((await conversations.get('two-talk'))?.messages.map(({ text, speaker }) => text + speaker)).toEqual([
      '',
      '',
      '',
    ]);
    const posts = await runSql<{ key: string; lead: string; version: number }>(
      em(),
      "SELECT key, card ->> 'lead' AS lead, version FROM chat_posts ORDER BY key",
    );
    expect(posts).toMatchObject([
      { key: 'i1', lead: 'words of two', version: 1 },
      { key: 'i2', lead: 'The words here were erased.', version: 2 },
      { key: 't2', lead: 'The words here were erased.', version: 2 },
    ]);
    expect(await ledger.head()).toEqual(before);
    expect((await store.unitOfWork.tables.get('stories', 'two-s-search'))?.title).toBe('erased');
    expect((await verify()).differences).toEqual([]);
    expect(await verifyLedger(createLedgerReader(em))).toMatchObject({ verified: true });
  });

  it('leaves other conversations alone', async () => {
    expect((await store.unitOfWork.tables.get('stories', 'one-s-search'))?.title).toContain('café');
    expect((await store.unitOfWork.conversations.get('one-talk'))?.messages[0]?.text).toContain('cafés');
    // Both conversations have a task that noted the same words.
    const notes = await runSql(em(), "SELECT content FROM artifacts WHERE kind = 'memory-note'");
    expect(notes).toEqual([{ content: 'Remember the café.' }]);
  });

  it('says so when the ledger tells of forgetting but the words are there', async () => {
    await store.unitOfWork.transact(async (transaction) => {
      transaction.append('forget:one', 0, [draft('conversation.forgotten', { conversationId: 'one-talk' })]);
    });
    expect((await verify()).differences).toEqual([
      { table: 'conversations', id: 'one-talk', column: 'forgottenAt', ledger: true, row: false },
    ]);
    await store.unitOfWork.conversations.forget('one-talk');
    expect((await verify()).differences).toEqual([]);
  });

  it('lets judgements on a canvas go on whose features were erased', async () => {
    await store.unitOfWork.transact(async (transaction) => {
      const stream = 'inception:two-talk';
      const { length } = await transaction.events(stream);
      transaction.append(stream, length, [
        draft('feature.judged', { inceptionId: 'two-talk', featureKey: 'search', verdict: 'kept' }),
      ]);
    });
    expect((await verify()).differences).toEqual([]);
  });

  it('brings the rows back with words that come in again, and replay agrees', async () => {
    const canvas = jsonArtifact('canvas', canvasContent(`better café \u00e9`));
    const record = (version: number) =>
      store.unitOfWork.transact(async (transaction) => {
        transaction.putArtifact(canvas);
        const { length } = await transaction.events('inception:back');
        transaction.append('inception:back', length, [
          draft(
            'canvas.updated',
            { inceptionId: 'back', projectId: 'p', conversationId: 'back', canvasVersion: version },
            { artifact: canvas.hash },
          ),
        ]);
      });
    const features = () => store.unitOfWork.tables.find('inception_features', { inceptionId: 'back' });
    await record(1);
    await store.unitOfWork.conversations.forget('back');
    expect(await features()).toEqual([]);
    expect(await store.unitOfWork.artifacts.get(canvas.hash)).toBeNull();
    await store.unitOfWork.transact(async (transaction) => transaction.putArtifact(canvas));
    expect(await features()).toHaveLength(2);
    expect(await store.unitOfWork.artifacts.get(canvas.hash)).toEqual(canvas);
    await record(2);
    expect((await verify()).differences).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import { MAX_BODY_BYTES } from '#persistence/event-check.ts';
import { runSql } from '#persistence/sql.ts';
import { canvasContent, conversationOf } from './history.ts';
import { draft, openTestStore, project, type TestStore } from './support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const uow = () => store.unitOfWork;
const create = (id: string, key: string | null = null) =>
  uow().transact(async (transaction) => {
    const { length } = await transaction.events(`project:${id}`);
    transaction.append(`project:${id}`, length, [{ ...project(id), idempotencyKey: key }]);
  });

const sprint = (id: string, number = 1) =>
  draft('sprint.started', {
    sprintId: id,
    projectId: 'p',
    number,
    startsAt: '2026-11-20T09:00:00.000Z',
    endsAt: '2026-11-27T09:00:00.000Z',
  });

async function everything(): Promise<unknown> {
  const counts = await runSql(
    store.orm.em.fork(),
    `SELECT (SELECT count(*) FROM ledger) AS ledger, (SELECT seq FROM ledger_head) AS head, (SELECT count(*) FROM artifacts) AS artifacts,
       (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages,
       (SELECT count(*) FROM outbox) AS outbox, (SELECT count(*) FROM projects) AS projects, (SELECT count(*) FROM sprints) AS sprints`,
  );
  return counts[0];
}

describe('transact', () => {
  it('keeps artifacts, conversations, rows, wakes and facts together and returns the work’s value', async () => {
    const goal = jsonArtifact('sprint-goal', { goal: 'Find cafés' });
    const value = await uow().transact(async (transaction) => {
      transaction.saveConversation(conversationOf('together', 'p', ['hello']));
      transaction.putArtifact(goal);
      transaction.append('sprint:s1', 0, [{ ...sprint('s1'), artifact: goal.hash }]);
      transaction.wake('tasks', 't1');
      transaction.wake('tasks', 't1');
      return 42;
    });
    expect(value).toBe(42);
    expect(await uow().tables.get('sprints', 's1')).toMatchObject({
      goal: 'Find cafés',
      status: 'open',
      startsAt: '2026-11-20T09:00:00.000Z',
    });
    expect(await uow().artifacts.get(goal.hash)).toEqual(goal);
    expect((await uow().conversations.get('together'))?.messages).toHaveLength(1);
    expect(await uow().outbox.pending('tasks', 9)).toMatchObject([{ lane: 'tasks', taskId: 't1' }]);
    expect(await uow().ledger.stream('sprint:s1')).toMatchObject([
      { position: 1, type: 'sprint.started', body: { sprintId: 's1' } },
    ]);
  });

  it('takes a project’s content from an artifact that was kept earlier', async () => {
    const goal = jsonArtifact('sprint-goal', { goal: 'Kept before' });
    await uow().transact(async (transaction) => transaction.putArtifact(goal));
    await uow().transact(async (transaction) =>
      transaction.append('sprint:s2', 0, [{ ...sprint('s2', 2), artifact: goal.hash }]),
    );
    expect((await uow().tables.get('sprints', 's2'))?.goal).toBe('Kept before');
  });

  it('keeps nothing when the work throws, a row cannot be written or an update finds no row', async () => {
    await create('there');
    const before = await everything();
    const rest = (transaction: Parameters<Parameters<TestStore['unitOfWork']['transact']>[0]>[0]) => {
      transaction.putArtifact(textArtifact('thoughts', 'text/plain', `never ${Math.random()}`));
      transaction.saveConversation(conversationOf('never', 'p', ['never']));
      transaction.wake('tasks', 'never');
    };
    await expect(
      uow().transact(async (transaction) => {
        rest(transaction);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(
      uow().transact(async (transaction) => {
        rest(transaction);
        transaction.append('project:other', 0, [
          draft('project.created', { projectId: 'there', slug: 'x', name: 'x' }),
        ]);
      }),
    ).rejects.toMatchObject({ code: 'projection-conflict', retryable: false });
    await expect(
      uow().transact(async (transaction) => {
        rest(transaction);
        transaction.append('sprint:none', 0, [draft('sprint.closed', { sprintId: 'none' })]);
      }),
    ).rejects.toMatchObject({ code: 'projection-row-missing' });
    expect(await everything()).toEqual(before);
  });

  it('shows a transaction its own events with provisional positions', async () => {
    await uow().transact(async (transaction) => {
      expect(await transaction.events('project:own')).toEqual([]);
      transaction.append('project:own', 0, [project('own')]);
      expect(await transaction.events('project:own')).toMatchObject([{ type: 'project.created', position: 1 }]);
      transaction.append('project:own', 1, [draft('pass.started', { taskId: 't', fence: 1 })]);
      expect((await transaction.events('project:own')).map(({ position }) => position)).toEqual([1, 2]);
      expect(() => transaction.append('project:own', 1, [])).toThrow(expect.objectContaining({ code: 'stream-moved' }));
    });
    expect(await uow().ledger.stream('project:own')).toHaveLength(2);
  });

  it('refuses what was decided on a stream that moved meanwhile', async () => {
    const decided = uow().transact(async (transaction) => {
      const { length } = await transaction.events('project:moving');
      await create('moving');
      transaction.append('project:moving', length, [draft('pass.started', { taskId: 't', fence: 1 })]);
      transaction.wake('moved', 't');
    });
    await expect(decided).rejects.toMatchObject({ code: 'stream-moved', retryable: true });
    expect(await uow().outbox.pending('moved', 9)).toEqual([]);
  });

  it('says that the stream moved, not that a row is there, when both are so', async () => {
    const decided = uow().transact(async (transaction) => {
      await create('same-row');
      transaction.append('project:same-row', 0, [project('same-row')]);
    });
    await expect(decided).rejects.toMatchObject({ code: 'stream-moved', retryable: true });
  });

  it('lets every one of 12 racing writers through when they try again (F06, I5)', async () => {
    const addOne = async (n: number): Promise<void> => {
      for (;;) {
        try {
          await uow().transact(async (transaction) => {
            const { length } = await transaction.events('race:a');
            transaction.append('race:a', length, [draft('pass.started', { taskId: `t${n}`, fence: 1 })]);
          });
          return;
        } catch (error) {
          expect(error).toMatchObject({ code: 'stream-moved', retryable: true });
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => addOne(n)));
    const events = await uow().ledger.stream('race:a');
    expect(events.map(({ position }) => position)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect(new Set(events.map(({ body }) => JSON.stringify(body))).size).toBe(12);
  });
});

describe('idempotency', () => {
  it('has no second effect under the same key and refuses other content (F06, I4)', async () => {
    await create('once', 'k');
    const head = await uow().ledger.head();
    await create('once', 'k');
    expect(await uow().ledger.head()).toEqual(head);
    await expect(
      uow().transact(async (transaction) => {
        transaction.append('project:once', 1, [{ ...project('once2'), idempotencyKey: 'k' }]);
      }),
    ).rejects.toMatchObject({ code: 'idempotency-conflict', retryable: false });
  });

  it('appends what is new beside a repeat at the right position', async () => {
    await create('beside', 'k');
    await uow().transact(async (transaction) => {
      const { length } = await transaction.events('project:beside');
      transaction.append('project:beside', length, [
        { ...project('beside'), idempotencyKey: 'k' },
        draft('pass.started', { taskId: 't', fence: 1 }),
      ]);
    });
    expect((await uow().ledger.stream('project:beside')).map(({ type }) => type)).toEqual([
      'project.created',
      'pass.started',
    ]);
  });

  it('gives one of several racing repeats the effect and the others nothing or a retry', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        uow().transact(async (transaction) => {
          transaction.append('project:racing', 0, [{ ...project('racing'), idempotencyKey: 'k' }]);
        }),
      ),
    );
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'stream-moved', retryable: true });
    }
    expect(await uow().ledger.stream('project:racing')).toHaveLength(1);
  });
});

describe('a repeat that was not there yet when it was looked up', () => {
  it('is taken back and may be tried again', async () => {
    const em = store.orm.em.fork();
    await em.begin();
    await runSql(em, 'SELECT FROM ledger_head FOR UPDATE');
    const writers = [1, 2].map(() =>
      uow().transact(async (transaction) => {
        transaction.wake('late', 't');
        transaction.append('late:a', 0, [{ ...draft('pass.started', { taskId: 't', fence: 1 }), idempotencyKey: 'k' }]);
      }),
    );
    const waiting = () =>
      runSql(
        store.orm.em.fork(),
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
    await expect.poll(async () => (await waiting()).length).toBe(2);
    await em.commit();
    const outcomes = await Promise.allSettled(writers);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'stream-moved', retryable: true });
    }
    expect(await uow().ledger.stream('late:a')).toHaveLength(1);
    expect(await uow().outbox.pending('late', 9)).toHaveLength(1);
  });
});

describe('what is refused before it is written', () => {
  const attempt = (change: object) =>
    uow().transact(async (transaction) => {
      transaction.append('project:bad', 0, [{ ...project('bad'), ...change }]);
    });

  it.each([
    ['a body of another shape', { body: { projectId: 'bad' } }],
    ['a field that the body does not have', { body: { projectId: 'b', slug: 'b', name: 'b', more: 1 } }],
    ['a body that is too large', { body: { projectId: 'b', slug: 'b', name: 'x'.repeat(MAX_BODY_BYTES) } }],
    ['an unknown type', { type: 'project.imagined' }],
    ['a type that every object has', { type: 'toString' }],
    ['a time without milliseconds', { at: '2026-11-20T09:00:00Z' }],
    ['a time of another zone', { at: '2026-11-20T09:00:00.000+01:00' }],
    ['an actor that is nobody', { actor: '' }],
    ['a NUL in a field', { actor: 'a\0b' }],
    ['half a surrogate pair in a field', { cause: '\ud83d' }],
    ['an artifact that is no hash', { artifact: 'abc' }],
  ])('%s', async (_, change) => {
    await expect(attempt(change)).rejects.toMatchObject({ code: 'event-invalid' });
    expect(await uow().ledger.stream('project:bad')).toEqual([]);
  });

  it('a fact that names an artifact which was never kept', async () => {
    await expect(attempt({ artifact: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'artifact-missing' });
  });

  it('an artifact whose hash is another’s, or that no database text can hold', async () => {
    const put = (change: object) =>
      uow().transact(async (transaction) =>
        transaction.putArtifact({ ...textArtifact('diff', 'text/x-diff', 'a'), ...change }),
      );
    await expect(put({ content: 'b' })).rejects.toMatchObject({ code: 'artifact-invalid' });
    await expect(put(textArtifact('diff', 'text/x-diff', 'a\0b'))).rejects.toMatchObject({ code: 'artifact-invalid' });
  });

  it('a time in a projected row that would come back written otherwise', async () => {
    const bad = draft('sprint.started', {
      sprintId: 'x',
      projectId: 'p',
      number: 9,
      startsAt: '2026-11-20',
      endsAt: '2026-11-27T09:00:00.000Z',
    });
    await expect(uow().transact(async (transaction) => transaction.append('sprint:x', 0, [bad]))).rejects.toMatchObject(
      { code: 'time-invalid' },
    );
  });
});

describe('tables', () => {
  it('finds rows by conditions, lists of values, order and limit', async () => {
    const canvas = jsonArtifact('canvas', canvasContent('tea'));
    await uow().transact(async (transaction) => {
      transaction.putArtifact(canvas);
      transaction.append('inception:i', 0, [
        draft(
          'canvas.updated',
          { inceptionId: 'i', projectId: 'p', conversationId: 'i', canvasVersion: 1 },
          { artifact: canvas.hash },
        ),
      ]);
    });
    const keys = (rows: { key: string }[]) => rows.map(({ key }) => key);
    const { tables } = uow();
    expect(keys(await tables.find('inception_features', { inceptionId: 'i' }, { orderBy: 'key' }))).toEqual([
      'export',
      'search',
    ]);
    expect(keys(await tables.find('inception_features', { inceptionId: 'i' }, { orderBy: '-key', limit: 1 }))).toEqual([
      'search',
    ]);
    expect(keys(await tables.find('inception_features', { key: ['search', 'none'], maybe: false }))).toEqual([
      'search',
    ]);
    expect(keys(await tables.find('inception_features', { key: [] }))).toEqual([]);
    expect(keys(await tables.find('inception_features', { persona: null }))).toEqual(['export']);
    expect((await tables.find('inception_features', { key: 'search' }))[0]).toEqual({
      id: 'i/search',
      inceptionId: 'i',
      key: 'search',
      text: 'search for tea',
      persona: 'Ada',
      priority: 'must',
      basis: 'inferred',
      status: 'active',
      inMvp: true,
      maybe: false,
      evidence: [0],
    });
    expect(await tables.get('inceptions', 'nobody')).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { eraseArtifacts } from '#persistence/artifact-store.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { OWN_SECRET } from '#test/safety/corpus.ts';
import { answerOf, createFakeModel, NEVER, openCalls, PLAIN, requestOf, scopeOf } from './fake-model.ts';

let store: TestStore;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
});
afterAll(() => store.close());

const rowsOf = (taskId: string | null) => unitOfWork.tables.find('model_calls', { taskId }, { orderBy: 'askedAt' });
const typesOf = async (stream: string) => (await unitOfWork.ledger.stream(stream)).map(({ type }) => type);

describe('a call', () => {
  it('is recorded with its request, its answer, what it took and what it cost', async () => {
    const scope = scopeOf();
    const model = createFakeModel(() => answerOf('{"cut off', { toolCalls: [{ id: 'a', name: 'x', arguments: '{' }] }));
    const calls = openCalls(unitOfWork, { scope, model, price: { inputUsd: 2, outputUsd: 30 } });
    const answer = await calls.ask(requestOf('Plan it.'), { toolMs: 12, signal: NEVER });
    expect(answer.text).toBe('{"cut off');
    const [row, ...others] = await rowsOf(scope.taskId);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      state: 'answered',
      stepKey: `${scope.runId}/1/plan/7`,
      ordinal: 0,
      model: 'small',
      inputTokens: 100,
      cachedTokens: 20,
      outputTokens: 10,
      countedTokens: 110,
      countedMicroUsd: 500,
      toolCalls: 1,
      toolMs: 12,
      finish: 'stop',
    });
    const artifact = async (hash: string) => JSON.parse((await unitOfWork.artifacts.get(hash))?.content ?? 'null');
    expect(await artifact(row?.requestArtifact ?? '')).toEqual(requestOf('Plan it.'));
    expect(await artifact(row?.answerArtifact ?? '')).toEqual(answer);
  });

  it('of a conversation without a task stands in the stream of the conversation', async () => {
    const scope = scopeOf({ taskId: null, runId: null, step: 'refine', persona: 'piper' });
    await openCalls(unitOfWork, { scope }).ask(requestOf('Refine.'), PLAIN);
    expect(await typesOf(`calls:${scope.conversationId}`)).toEqual(['model.asked', 'model.answered']);
    const [row] = await unitOfWork.tables.find('model_calls', { conversationId: scope.conversationId });
    expect(row).toMatchObject({ stepKey: `${scope.conversationId}/refine/7`, taskId: null, runId: null });
  });

  it('of a step that is due once more is asked anew, whatever the earlier time answered', async () => {
    const scope = scopeOf();
    const model = createFakeModel();
    const ask = (occasion: string) =>
      openCalls(unitOfWork, { scope: { ...scope, occasion }, model }).ask(requestOf('Build it.'), PLAIN);
    await ask('7');
    await ask('7');
    expect(await rowsOf(scope.taskId)).toHaveLength(1);
    await ask('19');
    expect(await rowsOf(scope.taskId)).toHaveLength(2);
  });

  it('is not made when the guard says no, and leaves no trace', async () => {
    const scope = scopeOf();
    const model = createFakeModel();
    const guard = () => Promise.reject(new FactoryError('task-paused', 'Paused.', { fix: 'Resume it.' }));
    await expect(openCalls(unitOfWork, { scope, model, guard }).ask(requestOf('x'), PLAIN)).rejects.toMatchObject({
      code: 'task-paused',
    });
    expect(model.requests).toEqual([]);
    expect(await typesOf(`calls:${scope.taskId}`)).toEqual([]);
  });

  it('keeps no secret, neither in the ledger nor on its way to the model: of a known form or our own (C15)', async () => {
    const canary = `ghp_${'Canary7'.repeat(6).slice(0, 36)}`;
    const scope = scopeOf();
    const model = createFakeModel();
    const messages: ModelRequest['messages'] = [
      { role: 'system', text: `Key ${canary}` },
      { role: 'user', text: `I pasted ${canary} here` },
      { role: 'assistant', text: canary, toolCalls: [{ id: 'call_1', name: 'edit', arguments: `{"a":"${canary}"}` }] },
      {
        role: 'tool',
        callId: 'call_1',
        text: `TOKEN=${canary} ${Buffer.from(OWN_SECRET).toString('base64')} ${OWN_SECRET}`,
      },
    ];
    const tools = [{ name: 'edit', description: `Not ${canary}`, parameters: {} }];
    await openCalls(unitOfWork, { scope, model, secrets: [OWN_SECRET] }).ask(requestOf('', { messages, tools }), PLAIN);
    expect(JSON.stringify(model.requests)).not.toContain(canary);
    expect(JSON.stringify(model.requests)).not.toMatch(
      new RegExp(`${OWN_SECRET}|${Buffer.from(OWN_SECRET).toString('base64')}`),
    );
    expect(model.requests[0]?.messages).toHaveLength(4);
    expect(model.requests[0]?.messages[3]).toMatchObject({ role: 'tool', callId: 'call_1' });
    const [row] = await rowsOf(scope.taskId);
    const kept = await unitOfWork.artifacts.get(row?.requestArtifact ?? '');
    expect(kept?.content).toContain('redacted');
    expect(kept?.content).not.toContain(canary);
  });
});

describe('a step that runs again', () => {
  it('gets the recorded answers for nothing, though a test printed another duration', async () => {
    const scope = scopeOf();
    const first = createFakeModel();
    const calls = openCalls(unitOfWork, { scope, model: first });
    await calls.ask(requestOf('took 12 ms'), PLAIN);
    await calls.ask(requestOf('second'), PLAIN);
    const facts = await typesOf(`calls:${scope.taskId}`);

    const second = createFakeModel();
    const again = openCalls(unitOfWork, { scope, model: second, guard: () => Promise.reject(new Error('no effect')) });
    expect(await again.recorded()).toMatchObject({
      request: requestOf('took 12 ms'),
      answer: { text: 'to took 12 ms' },
    });
    expect((await again.ask(requestOf('took 13 ms'), PLAIN)).text).toBe('to took 12 ms');
    expect(await again.recorded()).toMatchObject({ request: requestOf('second') });
    expect((await again.ask(requestOf('another second'), PLAIN)).text).toBe('to second');
    expect(await again.recorded()).toBeNull();
    expect(second.requests).toEqual([]);
    expect(await typesOf(`calls:${scope.taskId}`)).toEqual(facts);
  });

  it.each([
    ['another attempt', { attempt: 2 }, {}],
    ['another step', { step: 'build' }, {}],
    ['another persona', { persona: 'vera' as const }, {}],
    ['other instructions', {}, { messages: [{ role: 'system' as const, text: 'You build.' }] }],
    ['other tools', {}, { tools: [{ name: 'read', description: 'Reads.', parameters: {} }] }],
    ['another answer schema', {}, { answer: { name: 'plan', schema: { type: 'object' } } }],
  ])('asks anew for %s', async (_what, ofScope, ofRequest) => {
    const scope = scopeOf();
    await openCalls(unitOfWork, { scope }).ask(requestOf('first'), PLAIN);
    const model = createFakeModel();
    await openCalls(unitOfWork, { scope: { ...scope, ...ofScope }, model }).ask(requestOf('first', ofRequest), PLAIN);
    expect(model.requests).toHaveLength(1);
  });

  it('asks again where a crash left no answer, and the reserve of the lost call stays counted', async () => {
    const scope = scopeOf();
    const lost: UnitOfWork = {
      ...unitOfWork,
      transact: (work) =>
        unitOfWork.transact(async (transaction) => {
          const value = await work(transaction);
          const last = (await transaction.events(`calls:${scope.taskId}`)).at(-1)?.type;
          if (last !== 'model.asked') throw new Error('killed');
          return value;
        }),
    };
    await expect(openCalls(lost, { scope }).ask(requestOf('x'), PLAIN)).rejects.toThrow('killed');
    const model = createFakeModel();
    const again = openCalls(unitOfWork, { scope, model });
    expect(await again.recorded()).toBeNull();
    await again.ask(requestOf('x'), PLAIN);
    expect(model.requests).toHaveLength(1);
    const rows = await rowsOf(scope.taskId);
    expect(rows.map(({ state }) => state)).toEqual(['asked', 'answered']);
    expect(rows[1]?.id).toBe(`${rows[0]?.id}#2`);
    expect(rows[0]?.countedTokens).toBeGreaterThan(100);
  });

  it('asks again for what was erased, and then for all that came after it', async () => {
    const scope = scopeOf();
    const first = openCalls(unitOfWork, {
      scope,
      model: createFakeModel((request) => answerOf(`first ${request.messages[1]?.text} ${scope.taskId}`)),
    });
    await first.ask(requestOf('x'), PLAIN);
    await first.ask(requestOf('y'), PLAIN);
    const [row] = await rowsOf(scope.taskId);
    await eraseArtifacts(store.orm.em.fork(), [row?.answerArtifact ?? '']);
    let number = 0;
    const model = createFakeModel(() => answerOf(`anew ${(number += 1)}`));
    const again = openCalls(unitOfWork, { scope, model });
    expect(await again.recorded()).toBeNull();
    expect((await again.ask(requestOf('x'), PLAIN)).text).toBe('anew 1');
    expect(await again.recorded()).toBeNull();
    expect((await again.ask(requestOf('y'), PLAIN)).text).toBe('anew 2');
    const third = openCalls(unitOfWork, { scope });
    expect((await third.ask(requestOf('x'), PLAIN)).text).toBe('anew 1');
    expect((await third.ask(requestOf('y'), PLAIN)).text).toBe('anew 2');
  });
});

describe('a call that fails', () => {
  const failure = (maySpend: boolean) => new ModelFailure('model-busy', 'Busy.', { fix: 'Wait.', maySpend });

  it.each([
    ['counts nothing when nothing was spent', failure(false), 'model-busy', false],
    ['stays counted when tokens may have been spent', failure(true), 'model-busy', true],
    ['stays counted when nobody foresaw it', new TypeError('x is not a function'), 'unexpected', true],
  ])('%s', async (_what, error, finish, isCounted) => {
    const scope = scopeOf();
    const model = createFakeModel(() => Promise.reject(error));
    await expect(openCalls(unitOfWork, { scope, model }).ask(requestOf('x'), PLAIN)).rejects.toBe(error);
    const [row] = await rowsOf(scope.taskId);
    expect(row).toMatchObject({ state: 'failed', finish });
    expect((row?.countedTokens ?? 0) > 0).toBe(isCounted);
    await openCalls(unitOfWork, { scope }).ask(requestOf('x'), PLAIN);
    expect((await rowsOf(scope.taskId)).map(({ state }) => state)).toEqual(['failed', 'answered']);
  });

  it('because the work was stopped hands on the reason and stays counted', async () => {
    const scope = scopeOf();
    const stop = new AbortController();
    const model = createFakeModel((_request, signal) => {
      stop.abort(new Error('stopped by ada'));
      signal.throwIfAborted();
      return answerOf('never');
    });
    const calls = openCalls(unitOfWork, { scope, model });
    await expect(calls.ask(requestOf('x'), { toolMs: 0, signal: stop.signal })).rejects.toThrow('stopped by ada');
    const [row] = await rowsOf(scope.taskId);
    expect(row).toMatchObject({ state: 'failed', finish: 'stopped' });
    expect(row?.countedTokens).toBeGreaterThan(0);
    await expect(calls.ask(requestOf('x'), { toolMs: 0, signal: stop.signal })).rejects.toThrow('stopped by ada');
    expect(model.requests).toHaveLength(1);
  });

  it('is not sent, and counts nothing, when the stop comes while it is recorded: I7', async () => {
    const scope = scopeOf();
    const stop = new AbortController();
    const model = createFakeModel();
    const calls = openCalls(unitOfWork, { scope, model, guard: async () => stop.abort(new Error('stopped by ada')) });
    await expect(calls.ask(requestOf('x'), { toolMs: 0, signal: stop.signal })).rejects.toThrow('stopped by ada');
    expect(model.requests).toEqual([]);
    expect(await rowsOf(scope.taskId)).toMatchObject([{ state: 'failed', finish: 'stopped', countedTokens: 0 }]);
  });
});

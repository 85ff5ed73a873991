import { describe, expect, it } from 'vitest';
import { whatIfCraft } from '#agents/thinking/what-if.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { whatIf } from '#src/reflection/what-if/what-if.ts';
import type { WhatIfTools } from '#src/reflection/what-if/what-if.ts';
import { answerOf, budgetsOf, requestOf } from '#test/model-calls/fake-model.ts';

const request = jsonArtifact('model-request', requestOf('Plan it.'));
const answer = jsonArtifact('model-answer', answerOf('A plan.'));
const whose = { persona: 'mason', attempt: 1, step: 'plan', stepKey: 'run/1/plan/7', ordinal: 0, model: 'small' };
const calls = [
  { type: 'model.asked', runId: 'run', position: 1, artifact: request.hash, body: { callId: 'a', ...whose } },
  { type: 'model.answered', runId: 'run', position: 2, artifact: answer.hash, body: { callId: 'a', costMicroUsd: 1 } },
] as unknown as RecordedEvent[];
const never = new FactoryError('not-for-this-test', 'Nobody is to be asked.', { fix: 'Look at the test.' });

function toolsOf({ thought = true, free = true, on = true } = {}): WhatIfTools {
  const task = { id: 'task', number: 3, projectId: 'project', conversationId: 'talk' };
  const rows: Record<string, unknown> = { 'work_runs run': { id: 'run', taskId: 'task' }, 'story_tasks task': task };
  const kept = new Map([request, answer].map((artifact) => [artifact.hash, artifact]));
  const unitOfWork = {
    tables: { get: async (table: string, id: string) => rows[`${table} ${id}`] ?? null },
    ledger: { stream: async (stream: string) => (thought && stream === 'calls:task' ? calls : []) },
    artifacts: { get: async (hash: string) => kept.get(hash) ?? null },
    withLock: async (_: string, work: () => Promise<unknown>) =>
      free ? { ran: true, value: await work() } : { ran: false },
  } as unknown as UnitOfWork;
  const office = {
    for: () => {
      throw never;
    },
  };
  return {
    unitOfWork,
    asking: { clock: systemClock, office, budgets: budgetsOf(), secrets: [] },
    modelFor: async () => on,
    craft: whatIfCraft,
    clean: (text) => text,
  };
}

const ask = (tools: WhatIfTools, { runId = 'run', model = 'small', signal = new AbortController().signal } = {}) =>
  whatIf(tools, { runId, wish: { kind: 'model', name: model } }, signal);

describe('a what-if', () => {
  it('of the model that the run had finds nothing other, and asks nobody', async () => {
    const found = await ask(toolsOf());
    expect(found).toMatchObject({ task: 3, change: 'with the model small', asked: { calls: 0 } });
    expect(found.thoughts).toMatchObject([{ part: 'plan', outcome: 'same', question: null }]);
  });

  it('of another model asks it', async () => {
    await expect(ask(toolsOf(), { model: 'big' })).rejects.toBe(never);
  });

  it('shows what is other in a question where there is no model', async () => {
    const found = await ask({ ...toolsOf(), asking: null }, { model: 'big' });
    expect(found.thoughts).toMatchObject([{ outcome: 'not-asked', question: { gone: ['small'], came: ['big'] } }]);
  });

  it.each<[string, WhatIfTools, Parameters<typeof ask>[1], string]>([
    ['a run that is not there', toolsOf(), { runId: 'none' }, 'run-not-found'],
    ['a run without a model', toolsOf({ thought: false }), {}, 'no-thought'],
    ['a conversation that no model may read', toolsOf({ on: false }), {}, 'model-off'],
    ['a run that somebody is at', toolsOf({ free: false }), {}, 'what-if-busy'],
    ['going on after a stop', toolsOf(), { signal: AbortSignal.abort() }, 'stopped'],
  ])('refuses %s', async (_what, tools, options, code) => {
    await expect(ask(tools, options)).rejects.toMatchObject({ code, fix: expect.stringMatching(/\.$/) });
  });
});

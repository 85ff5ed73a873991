import type { BudgetScope, Budgets, CallScope, Caps } from '#src/model-calls/model-calls.ts';
import { createModelCalls } from '#src/model-calls/create-model-calls.ts';
import type { ModelCallsDependencies } from '#src/model-calls/create-model-calls.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Model, ModelAnswer, ModelRequest } from '#src/ports/model.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { randomUUID } from 'node:crypto';

/** A model that answers as the test says, and remembers what it was sent. */
export interface FakeModel extends Model {
  readonly requests: ModelRequest[];
}

export const answerOf = (text: string, more: Partial<ModelAnswer> = {}): ModelAnswer => ({
  text,
  toolCalls: [],
  finish: 'stop',
  usage: { inputTokens: 100, cachedTokens: 20, outputTokens: 10, isEstimate: false },
  ...more,
});

export function createFakeModel(
  answer: (request: ModelRequest, signal: AbortSignal) => ModelAnswer | Promise<ModelAnswer> = (request) =>
    answerOf(`to ${textOf(request)}`),
): FakeModel {
  const requests: ModelRequest[] = [];
  return {
    name: 'small',
    windowTokens: 8000,
    requests,
    async complete(request, signal) {
      requests.push(request);
      return answer(request, signal);
    },
    shortcomings: () => [],
    probe: async () => ({ ok: true, detail: '', shortcomings: [] }),
  };
}

const textOf = ({ messages }: ModelRequest): string => messages.at(-1)?.text ?? '';

export const requestOf = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [
    { role: 'system', text: 'You plan.' },
    { role: 'user', text },
  ],
  tools: [],
  answer: null,
  maxAnswerTokens: 100,
  ...more,
});

const UNLIMITED: Caps = { tokens: null, usd: null, minutes: null, toolCalls: null };

export function budgetsOf(caps: Partial<Record<BudgetScope, Partial<Caps>>> = {}): Budgets {
  const of = (scope: BudgetScope) => ({ ...UNLIMITED, ...caps[scope] });
  return { step: of('step'), task: of('task'), day: of('day') };
}

export function scopeOf(more: Partial<CallScope> = {}): CallScope {
  return {
    projectId: randomUUID(),
    conversationId: randomUUID(),
    taskId: randomUUID(),
    runId: randomUUID(),
    attempt: 1,
    step: 'plan',
    occasion: '7',
    persona: 'mason',
    ...more,
  };
}

export const NEVER = new AbortController().signal;
export const PLAIN = { toolMs: 0, signal: NEVER };

/** Calls with everything that the test does not care about filled in. */
export function openCalls(
  unitOfWork: UnitOfWork,
  { scope = scopeOf(), ...rest }: Partial<ModelCallsDependencies> & { scope?: CallScope } = {},
) {
  return createModelCalls(
    {
      unitOfWork,
      clock: systemClock,
      model: createFakeModel(),
      price: null,
      budgets: budgetsOf(),
      guard: async () => {},
      ...rest,
    },
    scope,
  );
}

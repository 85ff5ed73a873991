import { createModelCalls } from '#src/model-calls/create-model-calls.ts';
import type { Budgets } from '#src/model-calls/model-calls.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Model, ModelRequest } from '#src/ports/model.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { Measure } from './table.ts';
import { median, show, timeMs } from './table.ts';

const CALLS = 200;
const WARM_UP = 20;
/** What a model of today takes at least for a short answer; the bare call of this measure takes nothing at all. */
const QUICK_MODEL_MS = 500;
/** A request as a step in the middle of its work sends it. */
const REQUEST_CHARACTERS = 40_000;
const ids = createUuidV7();

/** Wide enough for all calls, so that every budget is counted and none is reached. */
const caps = { tokens: 1_000_000_000, usd: null, minutes: 1_000_000, toolCalls: 1_000_000 };
const budgets: Budgets = { step: caps, task: caps, day: caps };
const { signal } = new AbortController();

const model: Model = {
  name: 'instant',
  windowTokens: 128_000,
  complete: async () => ({
    text: 'Done.',
    toolCalls: [],
    finish: 'stop',
    usage: { inputTokens: 10, cachedTokens: 0, outputTokens: 1, isEstimate: false },
  }),
  shortcomings: () => [],
  probe: async () => ({ ok: true, detail: '', shortcomings: [] }),
};

function requestOf(number: number): ModelRequest {
  const text = `${number} ${'A line of code; and another one.\n'.repeat(REQUEST_CHARACTERS / 33)}`;
  return {
    messages: [
      { role: 'system', text: 'You plan.' },
      { role: 'user', text },
    ],
    tools: [],
    answer: null,
    maxAnswerTokens: 1000,
  };
}

function open(unitOfWork: UnitOfWork, taskId: string) {
  const scope = {
    projectId: 'p',
    conversationId: 'c',
    taskId,
    runId: taskId,
    attempt: 1,
    step: 'build',
    occasion: '1',
    persona: 'ollan' as const,
  };
  const price = { inputUsd: 1, outputUsd: 10 };
  return createModelCalls({ unitOfWork, clock: systemClock, model, price, budgets, guard: async () => {} }, scope);
}

async function measureEach(ask: (request: ModelRequest) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let number = 1; number <= CALLS + WARM_UP; number += 1) {
    const request = requestOf(number);
    const time = await timeMs(() => ask(request));
    if (number > WARM_UP) times.push(time);
  }
  return times;
}

/** What budget, record and redaction add to a call, on the database, against the model alone that answers at once. */
export const modelCallsMeasure: Measure = {
  name: 'model-calls',
  async run() {
    const store = await openTestStore();
    try {
      const bare = median(await measureEach((request) => model.complete(request, signal)));
      const taskId = ids.next();
      const first = open(store.unitOfWork, taskId);
      const asked = median(await measureEach((request) => first.ask(request, { toolMs: 0, signal })));
      const again = open(store.unitOfWork, taskId);
      const recorded = median(await measureEach((request) => again.ask(request, { toolMs: 0, signal })));
      const row = (name: string, timeInMs: number) => [
        name,
        show(timeInMs, 2),
        show(timeInMs - bare, 2),
        show((QUICK_MODEL_MS + timeInMs - bare) / QUICK_MODEL_MS, 3),
      ];
      return [
        {
          title: `One call of ${REQUEST_CHARACTERS / 1000}k characters to a model that answers at once, median of ${CALLS} in one task`,
          columns: [
            'call',
            'ms',
            'over the bare call, ms',
            `ratio with a model of ${QUICK_MODEL_MS} ms (aim: at most 1.1)`,
          ],
          rows: [row('bare', bare), row('asked: budget, record, answer kept', asked), row('recorded before', recorded)],
        },
      ];
    } finally {
      await store.close();
    }
  },
};

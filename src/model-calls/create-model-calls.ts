import { FactoryError } from '#src/errors.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Model, ModelAnswer, ModelPrice, ModelRequest } from '#src/ports/model.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { redactKnown } from '#src/safety/redact-known.ts';
import { redactSecrets } from '#src/safety/redact-secrets.ts';
import { BudgetReached } from './budget-reached.ts';
import { costMicroUsd, reservedTokens } from './call-cost.ts';
import { callIdOf, callStepKey, callStream } from './call-id.ts';
import { checkBudgets } from './check-budgets.ts';
import type { Reserve } from './check-budgets.ts';
import { countCalls } from './count-calls.ts';
import { answersAt, isCall, nextCallId, readJournal } from './journal.ts';
import type { JournalEntry } from './journal.ts';
import type { Budgets, CallScope, ModelCalls } from './model-calls.ts';
import { redactRequest } from './redact-request.ts';

export interface ModelCallsDependencies {
  unitOfWork: Pick<UnitOfWork, 'transact' | 'withLock' | 'ledger' | 'artifacts' | 'tables'>;
  clock: Clock;
  model: Model;
  /** null: nobody said; calls then cost nothing that could be counted. */
  price: ModelPrice | null;
  budgets: Budgets;
  /** The factory's own, by value. Those of a known form are found without. */
  secrets?: readonly string[];
  /** Throws FactoryError when the work no longer counts; runs in the transaction that records the question. */
  guard(transaction: Transaction): Promise<void>;
}

/** Of all who ask at once only one reads the counters and adds to them: else each would see room for itself. */
const BUDGET_LOCK = 'budget';
const LOCK_PATIENCE = {
  everyMs: 10,
  tries: 1000,
  busy: { code: 'budget-busy', message: 'The counters of the budgets are in use.', fix: 'Try again in a moment.' },
};

/** The calls of one scope, paid for and recorded. Not for two askers at once: calls have an order. */
export function createModelCalls(dependencies: ModelCallsDependencies, scope: CallScope): ModelCalls {
  const { unitOfWork, clock, model, price, secrets = [], guard } = dependencies;
  const stream = callStream(scope.taskId ?? scope.conversationId);
  const stepKey = callStepKey(scope);
  let journal: JournalEntry[] | null = null;
  let ordinal = 0;
  /** Of the answer before. */
  let afterPosition = 0;

  /** What an earlier go has for the next call and nobody erased. `base`: only calls of this name. */
  async function recordedCall(base: string | null) {
    journal ??= readJournal(await unitOfWork.ledger.stream(stream));
    const next = { stepKey, persona: scope.persona, ordinal, afterPosition };
    for (const entry of answersAt(journal, next)) {
      if (base !== null && !isCall(entry.callId, base)) continue;
      const answer = await unitOfWork.artifacts.get(entry.answer.artifact);
      if (answer !== null) return { entry, answer };
    }
    return null;
  }

  async function append(
    draft: (entries: JournalEntry[]) => EventDraft,
    artifact: Artifact | null,
    inside?: (transaction: Transaction) => Promise<void>,
  ): Promise<{ position: number; event: EventDraft }> {
    return retryMoved(() =>
      unitOfWork.transact(async (transaction) => {
        await inside?.(transaction);
        const events = await transaction.events(stream);
        const event = draft(readJournal(events));
        if (artifact !== null) transaction.putArtifact(artifact);
        transaction.append(stream, events.length, [event]);
        return { position: events.length + 1, event };
      }),
    );
  }

  function event<T extends 'model.asked' | 'model.answered' | 'model.failed'>(
    type: T,
    body: EventBodies[T],
    artifact: string | null,
  ): EventDraft<T> {
    return {
      type,
      body,
      actor: 'factory',
      agent: scope.persona,
      taskId: scope.taskId,
      runId: scope.runId,
      artifact,
      cause: null,
      idempotencyKey: null,
      at: clock.now().toISOString(),
    };
  }

  /** Records what is asked and what it may take, once it is sure that there is room for it. Answers its id. */
  async function reserve(
    base: string,
    request: ModelRequest,
    { toolMs, signal, beside }: Parameters<ModelCalls['ask']>[1],
  ): Promise<string> {
    const artifact = jsonArtifact('model-request', request);
    const tokens = reservedTokens(request);
    const wanted: Reserve = {
      tokens: tokens.inputTokens + tokens.outputTokens,
      microUsd: costMicroUsd(tokens, price),
      toolMs,
    };
    return waitForLock(
      unitOfWork,
      BUDGET_LOCK,
      async () => {
        const day = clock.now().toISOString().slice(0, 10);
        await requireRoom(dependencies, scope, day, wanted);
        let callId = base;
        const asked = (entries: JournalEntry[]) => {
          callId = nextCallId(entries, base);
          const { projectId, conversationId, taskId, attempt, step, persona } = scope;
          const whose = { projectId, conversationId, taskId, attempt, step, stepKey, persona };
          const reserved = { reservedTokens: wanted.tokens, reservedMicroUsd: wanted.microUsd };
          const body = { callId, ...whose, model: model.name, ordinal, day, toolMs, ...reserved };
          return event('model.asked', body, artifact.hash);
        };
        await append(asked, artifact, async (transaction) => {
          await guard(transaction);
          await beside?.(transaction);
        });
        return callId;
      },
      { ...LOCK_PATIENCE, signal },
    );
  }

  async function call(callId: string, request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer> {
    const startedMs = clock.now().getTime();
    const latencyMs = () => Math.max(0, clock.now().getTime() - startedMs);
    const facts = { callId, taskId: scope.taskId };
    let wasSent = false;
    let answer: ModelAnswer;
    try {
      signal.throwIfAborted();
      wasSent = true;
      answer = await model.complete(request, signal);
    } catch (error) {
      const code = signal.aborted ? 'stopped' : error instanceof FactoryError ? error.code : 'unexpected';
      const spent = wasSent && (signal.aborted || maySpend(error));
      const failed = { ...facts, code, maySpend: spent, latencyMs: latencyMs() };
      // Should this not be kept, the reserve stays counted, which is the safe side; the caller needs the first error.
      await append(() => event('model.failed', failed, null), null).catch(() => {});
      throw signal.aborted ? signal.reason : error;
    }
    const { usage, toolCalls, finish } = answer;
    const { inputTokens, cachedTokens, outputTokens } = usage;
    const used = { inputTokens, cachedTokens, outputTokens, costMicroUsd: costMicroUsd(usage, price) };
    const body = { ...facts, ...used, toolCalls: toolCalls.length, latencyMs: latencyMs(), finish };
    const artifact = jsonArtifact('model-answer', answer);
    const kept = await append(() => event('model.answered', body, artifact.hash), artifact);
    afterPosition = kept.position;
    return answer;
  }

  return {
    model: model.name,
    windowTokens: model.windowTokens,
    shortcomings: () => model.shortcomings(),
    async recorded() {
      const found = await recordedCall(null);
      const request = found === null ? null : await unitOfWork.artifacts.get(found.entry.requestArtifact);
      if (found === null || request === null) return null;
      return { request: contentOf(request) as ModelRequest, answer: contentOf(found.answer) as ModelAnswer };
    },
    async ask(asked, options) {
      const { signal } = options;
      signal.throwIfAborted();
      const request = redactRequest(asked, (text) => redactSecrets(redactKnown(text, secrets)));
      const base = callIdOf(scope, model.name, request, ordinal);
      const found = await recordedCall(base);
      if (found !== null) {
        ordinal += 1;
        afterPosition = found.entry.answer.position;
        return contentOf(found.answer) as ModelAnswer;
      }
      const callId = await reserve(base, request, options);
      const answer = await call(callId, request, signal);
      ordinal += 1;
      return answer;
    },
  };
}

async function requireRoom(
  { unitOfWork, budgets }: ModelCallsDependencies,
  scope: CallScope,
  day: string,
  wanted: Reserve,
): Promise<void> {
  const { ledger, raises } = await countCalls(unitOfWork.tables, scope, day, budgets);
  const task = scope.taskId === null ? null : await unitOfWork.tables.get('story_tasks', scope.taskId);
  const names = { taskNumber: task?.number ?? null, step: scope.step };
  const reached = checkBudgets(ledger, raises, budgets, wanted, names);
  if (reached !== null) throw new BudgetReached(reached.text, { scope: reached.scope, key: reached.key });
}

/** Whether the endpoint may have counted tokens for a call that failed; what does not say so is counted. */
function maySpend(error: unknown): boolean {
  return !(error instanceof ModelFailure) || error.maySpend;
}

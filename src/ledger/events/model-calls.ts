import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { insert, update } from '../rows.ts';

const scope = z.enum(['step', 'task', 'day']);

/**
 * Calls to a model. They stand in a stream of their own (`calls:<task or conversation>`), so that a task's stream stays
 * short. What a call may cost at most is counted from `model.asked` on; the answer corrects it.
 */
export const modelCallEvents = {
  /** The artifact is the request. */
  'model.asked': defineEvent({
    version: 1,
    body: z.strictObject({
      callId: z.string(),
      projectId: z.string(),
      conversationId: z.string(),
      taskId: z.string().nullable(),
      attempt: z.int().min(1),
      step: z.string(),
      /** `<run>/<attempt>/<step>/<occasion>`, or `<conversation>/<step>/<occasion>`: what a step's budget counts. */
      stepKey: z.string(),
      persona: z.string(),
      model: z.string(),
      /** 0, 1, 2 … within the step. */
      ordinal: z.int().min(0),
      /** UTC, `2026-11-21`: what a day's budget counts. */
      day: z.string(),
      /** Spent on tools since the call before. */
      toolMs: z.number().min(0),
      reservedTokens: z.int().min(0),
      /** Millionths of a US dollar. */
      reservedMicroUsd: z.int().min(0),
    }),
    rows: ({ body, at, artifact, runId }) => [
      insert('model_calls', {
        id: body.callId,
        projectId: body.projectId,
        conversationId: body.conversationId,
        taskId: body.taskId,
        runId,
        attempt: body.attempt,
        step: body.step,
        stepKey: body.stepKey,
        persona: body.persona,
        model: body.model,
        ordinal: body.ordinal,
        day: body.day,
        state: 'asked',
        inputTokens: 0,
        cachedTokens: 0,
        outputTokens: 0,
        countedTokens: body.reservedTokens,
        countedMicroUsd: body.reservedMicroUsd,
        toolCalls: 0,
        toolMs: body.toolMs,
        latencyMs: 0,
        finish: null,
        requestArtifact: artifact ?? '',
        answerArtifact: null,
        askedAt: at,
        answeredAt: null,
      }),
    ],
  }),
  /** The artifact is the answer. */
  'model.answered': defineEvent({
    version: 1,
    body: z.strictObject({
      callId: z.string(),
      taskId: z.string().nullable(),
      inputTokens: z.int().min(0),
      cachedTokens: z.int().min(0),
      outputTokens: z.int().min(0),
      costMicroUsd: z.int().min(0),
      toolCalls: z.int().min(0),
      latencyMs: z.number().min(0),
      finish: z.string(),
    }),
    rows: ({ body, at, artifact }) => [
      update('model_calls', body.callId, {
        state: 'answered',
        inputTokens: body.inputTokens,
        cachedTokens: body.cachedTokens,
        outputTokens: body.outputTokens,
        countedTokens: body.inputTokens + body.outputTokens,
        countedMicroUsd: body.costMicroUsd,
        toolCalls: body.toolCalls,
        latencyMs: body.latencyMs,
        finish: body.finish,
        answerArtifact: artifact,
        answeredAt: at,
      }),
    ],
  }),
  /** No answer came. Where tokens may have been spent all the same, what was reserved stays counted. */
  'model.failed': defineEvent({
    version: 1,
    body: z.strictObject({
      callId: z.string(),
      taskId: z.string().nullable(),
      code: z.string(),
      maySpend: z.boolean(),
      latencyMs: z.number().min(0),
    }),
    rows: ({ body, at }) => [
      update('model_calls', body.callId, {
        state: 'failed',
        finish: body.code,
        latencyMs: body.latencyMs,
        answeredAt: at,
        ...(body.maySpend ? {} : { countedTokens: 0, countedMicroUsd: 0 }),
      }),
    ],
  }),
  /** A person allowed as much again. `key`: the step's key, the task's id, or the day. */
  'budget.raised': defineEvent({
    version: 1,
    body: z.strictObject({ raiseId: z.string(), taskId: z.string().nullable(), scope, key: z.string() }),
    rows: ({ body, actor, at }) => [
      insert('budget_raises', { id: body.raiseId, scope: body.scope, key: body.key, actor, at }),
    ],
  }),
};

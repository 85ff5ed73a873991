import { defineEntity, p } from '@mikro-orm/core';
import type { BudgetRaiseRow, ModelCallRow, ModelSwitchRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const ModelCall = defineEntity({
  name: 'ModelCall',
  tableName: 'model_calls',
  indexes: [{ properties: ['taskId'] }, { properties: ['stepKey'] }, { properties: ['day'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    conversationId: p.text(),
    taskId: p.text().nullable(),
    runId: p.text().nullable(),
    attempt: p.integer(),
    step: p.text(),
    stepKey: p.text(),
    persona: p.text(),
    model: p.text(),
    ordinal: p.integer(),
    day: p.text(),
    state: p.text().$type<ModelCallRow['state']>(),
    inputTokens: p.integer(),
    cachedTokens: p.integer(),
    outputTokens: p.integer(),
    countedTokens: p.integer(),
    countedMicroUsd: p.integer(),
    toolCalls: p.integer(),
    toolMs: p.double(),
    latencyMs: p.double(),
    finish: p.text().nullable(),
    requestArtifact: p.text(),
    answerArtifact: p.text().nullable(),
    askedAt: time(),
    answeredAt: time().nullable(),
  } satisfies Columns<ModelCallRow>,
});

export const BudgetRaise = defineEntity({
  name: 'BudgetRaise',
  tableName: 'budget_raises',
  indexes: [{ properties: ['scope', 'key'] }],
  properties: {
    id: p.text().primary(),
    scope: p.text().$type<BudgetRaiseRow['scope']>(),
    key: p.text(),
    actor: p.text(),
    at: time(),
  } satisfies Columns<BudgetRaiseRow>,
});

export const ModelSwitch = defineEntity({
  name: 'ModelSwitch',
  tableName: 'model_switches',
  properties: {
    id: p.text().primary(),
    allowed: p.boolean(),
    actor: p.text(),
    at: time(),
  } satisfies Columns<ModelSwitchRow>,
});

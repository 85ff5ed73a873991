import * as z from 'zod';

/** What each command promises under `--json`, field for field: a field more or less is a break. */

const count = z.int().min(0);
const sha = z.string().regex(/^[0-9a-f]{40}$/);
const list = z.array(z.strictObject({ text: z.string(), evidence: z.array(count) }));

export const ErrorDocument = z.strictObject({
  error: z.strictObject({
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
    message: z.string().min(1),
    fix: z.string().min(1),
  }),
});

export const ImportDocument = z.strictObject({
  conversations: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      messageCount: count,
      skipped: z.array(z.strictObject({ kind: z.string(), count, reason: z.string() })),
    }),
  ),
  problems: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
});

export const CanvasDocument = z.strictObject({
  conversationId: z.string(),
  vision: z.record(
    z.string(),
    z.strictObject({
      value: z.string().nullable(),
      basis: z.enum(['stated', 'inferred', 'absent']),
      evidence: z.array(count),
    }),
  ),
  isIsNotDoesDoesNot: z.strictObject({ is: list, isNot: list, does: list, doesNot: list }),
  goals: list,
  personas: z.array(z.strictObject({ name: z.string(), needs: z.array(z.string()), evidence: z.array(count) })),
  features: z.array(
    z.strictObject({
      text: z.string(),
      persona: z.string().nullable(),
      priority: z.enum(['must', 'should', 'could', 'wont', 'unstated']),
      basis: z.enum(['stated', 'inferred']),
      status: z.enum(['active', 'deferred', 'removed']),
      // Null: nobody said where the first version ends.
      inMvp: z.boolean().nullable(),
      evidence: z.array(count),
    }),
  ),
  constraints: list,
  openQuestions: list,
});

const taskStates = [
  ...['ready', 'claimed', 'branched', 'assigned', 'scoped', 'planned', 'locked', 'built', 'checked'],
  ...['in-review', 'approved', 'merged', 'blocked', 'taken-over', 'rejected', 'cancelled'],
] as const;

export const RunDocument = z.strictObject({
  conversationId: z.string(),
  tasks: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      state: z.enum(taskStates as unknown as [string, ...string[]]),
      branch: z.string().startsWith('factory/').nullable(),
      pullRequest: z.int().min(1).nullable(),
      headSha: sha.nullable(),
      mergedSha: sha.nullable(),
      attempts: count,
      waitingFor: z.strictObject({ kind: z.string(), who: z.string(), text: z.string() }).nullable(),
    }),
  ),
  notStarted: z.array(z.strictObject({ story: z.string(), reason: z.string() })),
  ledger: z.strictObject({ events: count, verified: z.boolean() }),
});
export type RunDocument = z.infer<typeof RunDocument>;

export const LedgerDocument = z.strictObject({
  events: count,
  verified: z.boolean(),
  head: z.strictObject({ seq: count, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  anchors: count,
  firstBad: z.strictObject({ seq: count, reason: z.string() }).nullable(),
});

export const AnchorDocument = z.strictObject({
  at: z.iso.datetime(),
  seq: count,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

export const ReplayDocument = z.strictObject({
  run: z.string().nullable(),
  events: count,
  differences: z.array(
    z.strictObject({ table: z.string(), id: z.string(), column: z.string(), ledger: z.unknown(), row: z.unknown() }),
  ),
});

const words = z.array(z.string());
const spent = z.strictObject({ answers: count, tokens: count, costMicroUsd: count }).nullable();

/** `replay RUN` with one thing changed. */
export const WhatIfDocument = z.strictObject({
  run: z.string(),
  taskId: z.string(),
  task: count,
  change: z.string(),
  canAsk: z.boolean(),
  thoughts: z.array(
    z.strictObject({
      persona: z.string(),
      attempt: z.int().min(1),
      part: z.string(),
      go: z.int().min(1),
      outcome: z.enum(['same', 'differs', 'not-compared', 'not-asked']),
      why: z.string().nullable(),
      leftAt: z.int().min(1).nullable(),
      differences: z.array(z.strictObject({ field: z.string(), gone: words, came: words, changed: words })),
      notRun: words,
      question: z.strictObject({ gone: words, came: words }).nullable(),
      then: spent,
      now: spent,
    }),
  ),
  asked: z.strictObject({ calls: count, tokens: count, costMicroUsd: count }),
});

export const DoctorDocument = z.strictObject({
  ok: z.boolean(),
  checks: z
    .array(z.strictObject({ name: z.string(), state: z.string(), detail: z.string(), fix: z.string().nullable() }))
    .min(3),
});

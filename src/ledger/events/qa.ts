import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { update } from '../rows.ts';
import type { RowChange } from '../rows.ts';
import { checkRuns, qaRows, stepRow, stepTiming, taskMoved } from './code-factory.ts';

const body = z.strictObject({
  taskId: z.string(),
  runId: z.string(),
  attempt: z.int().min(1),
  timing: stepTiming,
  featureId: z.string(),
  outcome: z.enum(['passed', 'failed', 'no-checks']),
  checks: checkRuns,
});

/** What the projection reads of a QaResultPacket. */
const proofsContent = z.object({
  proofs: z.array(
    z.object({ criterionId: z.string(), state: z.enum(['proven', 'unproven', 'failed']), test: z.string().nullable() }),
  ),
});

/** Criteria that Piper added have no row to update; cards read their proofs from the packet. */
function proofRows(featureId: string, headSha: string, content: unknown): RowChange[] {
  return (proofsContent.safeParse(content).data?.proofs ?? []).map(({ criterionId, state, test }) =>
    update('feature_tests', `${featureId}/${criterionId}`, { state, test, headSha }),
  );
}

/** Verdicts. The artifact is the QaResultPacket. `qa.passed` also covers `no-checks`, which nobody calls passed on a card. */
export const qaEvents = {
  'qa.passed': defineEvent({
    version: 1,
    body,
    rows: ({ body, at, artifact, content }) => [
      taskMoved(body.taskId, at, { state: 'checked', assigneeAgent: 'tess' }),
      stepRow(body, at, 'check', 'vera', body.outcome, artifact),
      ...qaRows(body, body.checks),
      ...proofRows(body.featureId, body.checks.sha, content),
    ],
  }),
  'qa.failed': defineEvent({
    version: 1,
    body,
    rows: ({ body, at, artifact, content }) => [
      taskMoved(body.taskId, at, { state: 'built', assigneeAgent: 'vera' }),
      stepRow(body, at, 'check', 'vera', 'failed', artifact),
      ...qaRows(body, body.checks),
      ...proofRows(body.featureId, body.checks.sha, content),
    ],
  }),
};

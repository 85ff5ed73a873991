import { defineEntity, p } from '@mikro-orm/core';
import type { QaRunRow } from '#src/ledger/run-rows.ts';
import { type Columns } from '../column-types.ts';

export const QaRun = defineEntity({
  name: 'QaRun',
  tableName: 'qa_runs',
  indexes: [{ properties: ['taskId'] }, { properties: ['runId'] }],
  properties: {
    id: p.text().primary(),
    taskId: p.text(),
    runId: p.text(),
    attempt: p.integer(),
    phase: p.text().$type<QaRunRow['phase']>(),
    sha: p.text(),
    check: p.text(),
    command: p.text(),
    exitCode: p.integer().nullable(),
    durationMs: p.double(),
    passed: p.integer().nullable(),
    failed: p.integer().nullable(),
  } satisfies Columns<QaRunRow>,
});

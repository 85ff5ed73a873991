import { defineEntity, p } from '@mikro-orm/core';
import type { TaskRunRow } from '#src/ledger/run-rows.ts';
import { type Columns, time } from '../column-types.ts';

export const TaskRun = defineEntity({
  name: 'TaskRun',
  tableName: 'task_runs',
  indexes: [{ properties: ['taskId'] }, { properties: ['runId'] }],
  properties: {
    id: p.text().primary(),
    runId: p.text(),
    taskId: p.text(),
    step: p.text(),
    agent: p.text(),
    attempt: p.integer(),
    startedAt: time(),
    endedAt: time(),
    durationMs: p.double(),
    result: p.text(),
    artifact: p.text().nullable(),
  } satisfies Columns<TaskRunRow>,
});

import { defineEntity, p } from '@mikro-orm/core';
import type { WorkRunRow } from '#src/ledger/run-rows.ts';
import { type Columns, time } from '../column-types.ts';

export const WorkRun = defineEntity({
  name: 'WorkRun',
  tableName: 'work_runs',
  uniques: [{ properties: ['taskId', 'number'] }],
  properties: {
    id: p.text().primary(),
    taskId: p.text(),
    number: p.integer(),
    startedAt: time(),
    endedAt: time().nullable(),
    outcome: p.text().nullable(),
  } satisfies Columns<WorkRunRow>,
});

import { defineEntity, p } from '@mikro-orm/core';
import type { SprintRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const Sprint = defineEntity({
  name: 'Sprint',
  tableName: 'sprints',
  uniques: [{ properties: ['projectId', 'number'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    number: p.integer(),
    goal: p.text(),
    status: p.text().$type<SprintRow['status']>(),
    startsAt: time(),
    endsAt: time(),
    closedAt: time().nullable(),
    points: p.integer().nullable(),
    donePoints: p.integer().nullable(),
  } satisfies Columns<SprintRow>,
});

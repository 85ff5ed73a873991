import { defineEntity, p } from '@mikro-orm/core';
import type { RetrospectiveRow } from '#src/ledger/reflection-rows.ts';
import { type Columns, list, time } from '../column-types.ts';

export const Retrospective = defineEntity({
  name: 'Retrospective',
  tableName: 'retrospectives',
  uniques: [{ properties: ['projectId', 'week'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    week: p.text(),
    from: time(),
    until: time(),
    isQuiet: p.boolean(),
    lessonIds: list<string>(),
    artifact: p.text(),
    heldAt: time(),
  } satisfies Columns<RetrospectiveRow>,
});

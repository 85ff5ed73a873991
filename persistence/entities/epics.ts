import { defineEntity, p } from '@mikro-orm/core';
import type { EpicRow } from '#src/ledger/rows.ts';
import { type Columns } from '../column-types.ts';

export const Epic = defineEntity({
  name: 'Epic',
  tableName: 'epics',
  indexes: [{ properties: ['conversationId', 'key'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    conversationId: p.text(),
    key: p.text(),
    title: p.text(),
  } satisfies Columns<EpicRow>,
});

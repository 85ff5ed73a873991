import { defineEntity, p } from '@mikro-orm/core';
import type { InceptionItemRow } from '#src/ledger/rows.ts';
import { type Columns, list } from '../column-types.ts';

export const InceptionItem = defineEntity({
  name: 'InceptionItem',
  tableName: 'inception_items',
  indexes: [{ properties: ['inceptionId'] }],
  properties: {
    id: p.text().primary(),
    inceptionId: p.text(),
    kind: p.text(),
    position: p.integer(),
    text: p.text(),
    evidence: list<number>(),
  } satisfies Columns<InceptionItemRow>,
});

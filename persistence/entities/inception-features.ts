import { defineEntity, p } from '@mikro-orm/core';
import type { InceptionFeatureRow } from '#src/ledger/rows.ts';
import { type Columns, list } from '../column-types.ts';

export const InceptionFeature = defineEntity({
  name: 'InceptionFeature',
  tableName: 'inception_features',
  indexes: [{ properties: ['inceptionId'] }],
  properties: {
    id: p.text().primary(),
    inceptionId: p.text(),
    key: p.text(),
    text: p.text(),
    persona: p.text().nullable(),
    priority: p.text(),
    basis: p.text(),
    status: p.text(),
    inMvp: p.boolean().nullable(),
    maybe: p.boolean(),
    evidence: list<number>(),
  } satisfies Columns<InceptionFeatureRow>,
});

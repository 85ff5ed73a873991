import { defineEntity, p } from '@mikro-orm/core';
import type { FeatureTestRow } from '#src/ledger/rows.ts';
import { type Columns } from '../column-types.ts';

export const FeatureTest = defineEntity({
  name: 'FeatureTest',
  tableName: 'feature_tests',
  indexes: [{ properties: ['featureId'] }],
  properties: {
    id: p.text().primary(),
    featureId: p.text(),
    criterionId: p.text(),
    text: p.text(),
    state: p.text().$type<FeatureTestRow['state']>(),
    test: p.text().nullable(),
    headSha: p.text().nullable(),
  } satisfies Columns<FeatureTestRow>,
});

import { defineEntity, p } from '@mikro-orm/core';
import type { FeatureRow } from '#src/ledger/rows.ts';
import { type Columns } from '../column-types.ts';

export const Feature = defineEntity({
  name: 'Feature',
  tableName: 'features',
  indexes: [{ properties: ['storyId'] }, { properties: ['projectId'] }],
  properties: {
    id: p.text().primary(),
    storyId: p.text(),
    projectId: p.text(),
    title: p.text(),
    status: p.text().$type<FeatureRow['status']>(),
  } satisfies Columns<FeatureRow>,
});

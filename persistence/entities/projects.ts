import { defineEntity, p } from '@mikro-orm/core';
import type { ProjectRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const Project = defineEntity({
  name: 'Project',
  tableName: 'projects',
  uniques: [{ properties: ['slug'] }],
  properties: {
    id: p.text().primary(),
    slug: p.text(),
    name: p.text(),
    createdAt: time(),
  } satisfies Columns<ProjectRow>,
});

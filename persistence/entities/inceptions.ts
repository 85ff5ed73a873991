import { defineEntity, p } from '@mikro-orm/core';
import type { InceptionRow } from '#src/ledger/rows.ts';
import { type Columns, time } from '../column-types.ts';

export const Inception = defineEntity({
  name: 'Inception',
  tableName: 'inceptions',
  indexes: [{ properties: ['conversationId'] }, { properties: ['projectId'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    conversationId: p.text(),
    version: p.integer(),
    canvasArtifact: p.text(),
    refine: p.boolean(),
    refinement: p.text().nullable(),
    updatedAt: time(),
  } satisfies Columns<InceptionRow>,
});

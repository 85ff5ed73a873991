import { defineEntity, p } from '@mikro-orm/core';
import type { StoryRow } from '#src/ledger/rows.ts';
import { type Columns, list } from '../column-types.ts';

export const Story = defineEntity({
  name: 'Story',
  tableName: 'stories',
  indexes: [{ properties: ['conversationId', 'key'] }, { properties: ['projectId', 'status'] }],
  properties: {
    id: p.text().primary(),
    epicId: p.text(),
    projectId: p.text(),
    conversationId: p.text(),
    key: p.text(),
    title: p.text(),
    narrative: p.text(),
    priority: p.text(),
    points: p.integer(),
    evidence: list<number>(),
    dependsOn: list<string>(),
    draftArtifact: p.text(),
    hasChangeSet: p.boolean(),
    status: p.text().$type<StoryRow['status']>(),
    removedBecause: p.text().nullable(),
  } satisfies Columns<StoryRow>,
});

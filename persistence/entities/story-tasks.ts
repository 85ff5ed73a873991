import { defineEntity, p } from '@mikro-orm/core';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { type Columns, list, time } from '../column-types.ts';

export const StoryTask = defineEntity({
  name: 'StoryTask',
  tableName: 'story_tasks',
  uniques: [{ properties: ['projectId', 'number'] }],
  indexes: [
    { properties: ['conversationId'] },
    { properties: ['sprintId'] },
    { properties: ['storyId'] },
    { properties: ['projectId', 'state'] },
  ],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    conversationId: p.text(),
    storyId: p.text(),
    sprintId: p.text(),
    repoId: p.text(),
    number: p.integer(),
    title: p.text(),
    points: p.integer(),
    dependsOn: list<string>(),
    requester: p.text(),
    state: p.text(),
    paused: p.boolean(),
    assigneeAgent: p.text().nullable(),
    attempt: p.integer(),
    runId: p.text().nullable(),
    branch: p.text().nullable(),
    headSha: p.text().nullable(),
    mergedSha: p.text().nullable(),
    waitingKind: p.text().nullable(),
    waitingWho: p.text().nullable(),
    waitingText: p.text().nullable(),
    createdAt: time(),
    updatedAt: time(),
    endedAt: time().nullable(),
  } satisfies Columns<StoryTaskRow>,
});

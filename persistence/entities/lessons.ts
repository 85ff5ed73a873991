import { defineEntity, p } from '@mikro-orm/core';
import type { LessonRow, LessonUseRow } from '#src/ledger/reflection-rows.ts';
import { type Columns, list, time } from '../column-types.ts';

export const Lesson = defineEntity({
  name: 'Lesson',
  tableName: 'lessons',
  uniques: [{ properties: ['projectId', 'number'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    number: p.integer(),
    origin: p.text().$type<LessonRow['origin']>(),
    kind: p.text().$type<LessonRow['kind']>(),
    scopeKind: p.text().$type<LessonRow['scopeKind']>(),
    scopeKey: p.text().nullable(),
    repoId: p.text().nullable(),
    fingerprint: p.text().nullable(),
    text: p.text(),
    textArtifact: p.text(),
    evidence: list<number>(),
    conflictsWith: list<string>(),
    status: p.text().$type<LessonRow['status']>(),
    suspicions: list<string>(),
    retirementProposed: p.boolean(),
    proposedBy: p.text(),
    proposedAt: time(),
    wordedAt: time(),
    decidedBy: p.text().nullable(),
    decidedAt: time().nullable(),
    expiresAt: time().nullable(),
    keptAt: time().nullable(),
  } satisfies Columns<LessonRow>,
});

export const LessonUse = defineEntity({
  name: 'LessonUse',
  tableName: 'lesson_uses',
  indexes: [{ properties: ['lessonId'] }, { properties: ['taskId'] }],
  properties: {
    id: p.text().primary(),
    lessonId: p.text(),
    taskId: p.text(),
    runId: p.text(),
    attempt: p.integer(),
    step: p.text(),
    persona: p.text(),
    at: time(),
  } satisfies Columns<LessonUseRow>,
});

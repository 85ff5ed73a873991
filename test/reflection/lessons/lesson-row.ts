import type { LessonRow } from '#src/ledger/reflection-rows.ts';

/** An accepted lesson for the whole project, with what the test does not care about filled in. */
export function lessonRow(more: Partial<LessonRow> & Pick<LessonRow, 'number'>): LessonRow {
  const id = `lesson-${more.number}`;
  return {
    id,
    projectId: 'project',
    origin: 'told',
    kind: 'rule',
    scopeKind: 'project',
    scopeKey: null,
    repoId: null,
    fingerprint: null,
    text: `Lesson text ${more.number}.`,
    textArtifact: `text-of-${id}`,
    evidence: [],
    conflictsWith: [],
    status: 'accepted',
    suspicions: [],
    retirementProposed: false,
    proposedBy: 'ada',
    proposedAt: '2026-11-19T09:00:00.000Z',
    wordedAt: '2026-11-19T09:00:00.000Z',
    decidedBy: 'ada',
    decidedAt: '2026-11-20T09:00:00.000Z',
    expiresAt: '2027-05-19T09:00:00.000Z',
    keptAt: null,
    ...more,
  };
}

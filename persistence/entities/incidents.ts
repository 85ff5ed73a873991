import { defineEntity, p } from '@mikro-orm/core';
import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import { type Columns, time } from '../column-types.ts';

export const Incident = defineEntity({
  name: 'Incident',
  tableName: 'incidents',
  indexes: [{ properties: ['projectId', 'status'] }, { properties: ['conversationId'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    source: p.text().$type<IncidentRow['source']>(),
    service: p.text(),
    signal: p.text(),
    severity: p.text().$type<IncidentRow['severity']>(),
    fingerprint: p.text(),
    times: p.integer(),
    firstAt: time(),
    lastAt: time(),
    afterTaskId: p.text().nullable(),
    afterSha: p.text().nullable(),
    detailsArtifact: p.text(),
    conversationId: p.text().nullable(),
    status: p.text().$type<IncidentRow['status']>(),
    closedBy: p.text().nullable(),
    closedAt: time().nullable(),
  } satisfies Columns<IncidentRow>,
});

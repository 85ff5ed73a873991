import type { IncidentRow } from '#src/ledger/reflection-rows.ts';

export function incidentRow(parts: Partial<IncidentRow> = {}): IncidentRow {
  return {
    id: 'i1',
    projectId: 'p1',
    source: 'signal',
    service: 'checkout',
    signal: 'error-rate',
    severity: 'error',
    fingerprint: 'f1',
    times: 1,
    firstAt: '2026-11-20T10:00:00.000Z',
    lastAt: '2026-11-20T10:00:00.000Z',
    afterTaskId: null,
    afterSha: null,
    detailsArtifact: 'a1',
    conversationId: null,
    status: 'open',
    closedBy: null,
    closedAt: null,
    ...parts,
  };
}

import { contentOf } from '#src/ledger/artifact.ts';
import type { PostDraft } from '#src/ports/chat.ts';
import { incidentCard } from './cards/incident-card.ts';
import { by, post } from './redraw.ts';
import type { Views } from './redraw.ts';

/** The card of an incident in its project's channel. What only informs is kept and not shown. */
export async function drawIncident(views: Views, incidentId: string): Promise<PostDraft[]> {
  const incident = await views.tables.get('incidents', incidentId);
  if (incident === null || incident.severity === 'info') return [];
  const { projectId, afterTaskId, detailsArtifact } = incident;
  const artifact = await views.artifacts.get(detailsArtifact);
  const before = afterTaskId === null ? null : await views.tables.get('story_tasks', afterTaskId);
  const drawn = incidentCard(incident, { details: artifact === null ? null : contentOf(artifact), before });
  return [post(`incident:${incidentId}`, { kind: 'project', id: projectId }, by('moltbot'), drawn)];
}

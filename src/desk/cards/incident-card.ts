import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { afterWords, timesWords, troubleName } from '#src/reflection/incidents/incident-words.ts';
import type { TaskBefore } from '#src/reflection/incidents/incident-words.ts';
import { quoted } from '#src/reflection/incidents/incident-talk.ts';
import { utcMinute } from '#src/reflection/utc-minute.ts';
import { action, card, item } from './card-parts.ts';

/** Enough to see what it is about; a story has more of it. */
const MAX_SHOWN_CHARACTERS = 1_500;

/** One incident: what is not well, how often and since when, and what was merged before. `details`: as they are kept. */
export function incidentCard(
  incident: IncidentRow,
  { details, before }: { details: unknown; before: TaskBefore | null },
): Card {
  const { id, severity, firstAt, lastAt, afterTaskId, conversationId, status } = incident;
  const isOpen = status === 'open';
  const after = afterWords(incident, before);
  const links = [
    ...(after === null || afterTaskId === null
      ? []
      : [item(`It began ${after}.`, { thread: { kind: 'task', id: afterTaskId } as const })]),
    ...(conversationId === null
      ? []
      : [item('A story about it waits in the backlog.', { thread: { kind: 'idea', id: conversationId } as const })]),
  ];
  return card('notice', `${troubleName(incident)} tells of trouble: ${severity}, seen ${timesWords(incident)}.`, {
    tone: isOpen ? 'bad' : 'plain',
    blocks: [
      {
        type: 'facts',
        facts: [
          { label: 'Since', value: utcMinute(firstAt) },
          ...(lastAt === firstAt ? [] : [{ label: 'Last', value: utcMinute(lastAt) }]),
        ],
      },
      ...(links.length === 0 ? [] : [{ type: 'list' as const, title: null, items: links }]),
      {
        type: 'fold',
        summary: 'What came in, word for word',
        blocks: [{ type: 'code', path: null, language: 'json', text: quoted(details, MAX_SHOWN_CHARACTERS) }],
      },
    ],
    actions: isOpen ? [action('close-incident', 'Close', { type: 'close-incident', incidentId: id })] : [],
    outcome: isOpen ? null : outcomeOf(incident),
  });
}

function outcomeOf({ closedBy, closedAt }: IncidentRow): string {
  const at = closedAt === null ? '' : ` at ${utcMinute(closedAt)}`;
  return closedBy === 'factory'
    ? `It is well again; closed by itself${at}.`
    : `${closedBy ?? 'Somebody'} closed it${at}.`;
}

import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { utcMinute } from '../utc-minute.ts';
import { afterWords, timesWords, troubleName } from './incident-words.ts';
import type { TaskBefore } from './incident-words.ts';

/** Of the details; the rest stays with the incident. */
const MAX_QUOTED_CHARACTERS = 3_000;

/** A conversation of an incident has this id, so that writing it up twice makes one. */
export function talkIdOf(incidentId: string): string {
  return `incident-${incidentId}`;
}

/**
 * The factory's own account of an incident, as a conversation of one message. It asks for one thing, in words of the
 * factory. What came from outside stands in a fence of JSON, where it asks for nothing: no line of JSON can end the fence,
 * begin a comment or name a file, so it is no change to anything either.
 */
export function incidentTalk(
  incident: IncidentRow,
  { details, before }: { details: unknown; before: TaskBefore | null },
): Conversation {
  const after = afterWords(incident, before);
  const seen =
    incident.times === 1
      ? `It was seen once, at ${utcMinute(incident.firstAt)}`
      : `It was seen ${timesWords(incident)} since ${utcMinute(incident.firstAt)}`;
  const since = `${seen} (severity: ${incident.severity})`;
  const text = [
    `We need to fix ${troubleName(incident)}.`,
    after === null ? `${since}.` : `${since}. It began ${after}; that need not be why.`,
    // The two lines before a fence may name the file that it holds, so they are the same always.
    'Below is what came in from outside.\nIt is quoted as it was said:',
    `\`\`\`json\n${quoted(details)}\n\`\`\``,
  ].join('\n\n');
  return {
    id: talkIdOf(incident.id),
    title: `Bug: ${incident.signal} of ${incident.service}`,
    source: 'signal',
    skipped: [],
    messages: [
      {
        position: 0,
        speaker: 'Workbench',
        role: 'person',
        at: incident.firstAt,
        text,
        originId: `incident/${incident.id}`,
      },
    ],
  };
}

/** As JSON on lines of its own, cut at the end of a line. */
export function quoted(details: unknown, maxCharacters = MAX_QUOTED_CHARACTERS): string {
  const text = JSON.stringify(details, null, 2) ?? 'null';
  if (text.length <= maxCharacters) return text;
  const cut = text.slice(0, maxCharacters).toWellFormed();
  const lineEnd = cut.lastIndexOf('\n');
  return `${lineEnd > 0 ? cut.slice(0, lineEnd) : cut}\n…`;
}

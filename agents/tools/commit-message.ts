import type { BriefEdit, TaskBrief } from '#src/backlog/task-brief.ts';
import { displayName } from '#src/ports/personas.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { creditFor, creditForEdit } from './brief.ts';

/** Who a persona's commits are by. The address is reserved (RFC 2606), so it can never be a person's. */
export function personaIdentity(name: PersonaName): GitIdentity {
  return {
    name: `${displayName(name)} (Factory Workbench)`,
    email: `${name}@factory.invalid`,
  };
}

/** Credits the messages that the edits came from, and the request that they answer. */
export function commitMessage(brief: TaskBrief, edits: readonly BriefEdit[], title: string): string {
  const sources = [...new Set(edits.map((edit) => creditForEdit(brief, edit)))];
  const position = brief.changeSet?.requestPosition ?? -1;
  const asked = position < 0 ? null : creditFor(brief, position);
  const message = [
    oneLine(title),
    '',
    `From ${sources.join(' and ')}; the conversation is "${oneLine(brief.conversationTitle)}".`,
    ...(asked === null ? [] : [`Asked for in ${asked}.`]),
  ].join('\n');
  // Forges draw messages of commits with links and call the people that they name.
  return cleanOutbound(message, { goesTo: 'forge' });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

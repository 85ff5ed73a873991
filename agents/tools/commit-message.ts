import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { creditFor, creditForEdit } from './brief.ts';

/** Who a persona's commits are by. The address is reserved (RFC 2606), so it can never be a person's. */
export function personaIdentity(name: PersonaName): GitIdentity {
  return {
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)} (Factory Workbench)`,
    email: `${name}@factory.invalid`,
  };
}

/** Credits the messages that the edits came from, and the request that they answer. */
export function commitMessage(brief: TaskBrief, edits: TaskBrief['changeSet']['edits'], title: string): string {
  const sources = [...new Set(edits.map((edit) => creditForEdit(brief, edit)))];
  const asked = brief.changeSet.requestPosition < 0 ? null : creditFor(brief, brief.changeSet.requestPosition);
  return [
    oneLine(title),
    '',
    `From ${sources.join(' and ')}; the conversation is "${oneLine(brief.conversationTitle)}".`,
    ...(asked === null ? [] : [`Asked for in ${asked}.`]),
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

import { pathsIn } from '#src/intake/paths-in.ts';
import { proseOf } from '#src/intake/prose.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { readSections } from './sections.ts';

/** Whoever names more has not chosen. */
const MAX_PATHS = 20;

/**
 * Paths that people listed for whoever works on it (`## Context paths`), those of the cited messages first. What an
 * assistant listed, nobody wished for.
 */
export function contextPathsIn(
  messages: readonly Pick<ConversationMessage, 'position' | 'role' | 'text'>[],
  cited: ReadonlySet<number>,
): string[] {
  const said = messages.filter(({ role }) => role === 'person');
  const inOrder = [
    ...said.filter(({ position }) => cited.has(position)),
    ...said.filter(({ position }) => !cited.has(position)),
  ];
  const listed = inOrder.flatMap(({ text }) => readSections(proseOf(text)).paths);
  return [...new Set(listed.flatMap(pathsIn))].slice(0, MAX_PATHS);
}

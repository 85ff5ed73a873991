/**
 * The id under which a conversation is kept: the origin's own, or with `~2`, `~3` … where that one is taken (the same
 * export in another project, or taken in anew on purpose).
 */
export function keptConversationId(originId: string, generation: number): string {
  return generation === 1 ? originId : `${originId}~${generation}`;
}

/** The generation of a kept id for this origin, or null when it belongs to another conversation. */
export function generationOf(keptId: string, originId: string): number | null {
  if (keptId === originId) return 1;
  if (!keptId.startsWith(`${originId}~`)) return null;
  const generation = Number(keptId.slice(originId.length + 1));
  return Number.isInteger(generation) && generation > 1 ? generation : null;
}

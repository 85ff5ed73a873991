import type { Clock } from '#src/ports/clock.ts';
import type { Groups } from '#src/ports/groups.ts';
import { isGroup } from '#src/ports/groups.ts';
import type { GroupMembers } from '#src/review/rights.ts';

const MAX_AGE_MS = 60_000;

/** Who is in the groups among these names, as far as it is known. */
export type GlanceGroups = (names: readonly string[]) => Promise<GroupMembers>;

/**
 * Groups for what is only shown: up to a minute old, and empty where they cannot be read. Never for a decision; those
 * read the groups themselves.
 */
export function createGlance({ groups, clock }: { groups: Groups; clock: Clock }): GlanceGroups {
  const seen = new Map<string, { members: Promise<readonly string[]>; atMs: number }>();
  const membersOf = (group: string): Promise<readonly string[]> => {
    const nowMs = clock.now().getTime();
    const known = seen.get(group);
    if (known !== undefined && nowMs - known.atMs < MAX_AGE_MS) return known.members;
    const members = groups.members(group).catch(() => []);
    seen.set(group, { members, atMs: nowMs });
    return members;
  };
  return async (names) => {
    const wanted = [...new Set(names.filter(isGroup))];
    return new Map(await Promise.all(wanted.map(async (group) => [group, await membersOf(group)] as const)));
  };
}

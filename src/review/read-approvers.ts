import { FactoryError } from '#src/errors.ts';
import { isGroup } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import { effectiveApprovers } from './rights.ts';
import type { ApprovalRights, UnreadGroup } from './rights.ts';

/**
 * Who may approve, read now: `APPROVERS`, narrowed by the repository's own list where it has one (null: it has none). A
 * group that cannot be read gives nobody a right and takes none from others.
 */
export async function readApprovers(
  groups: Groups,
  setting: readonly string[],
  fromRepository: readonly string[] | null,
): Promise<Omit<ApprovalRights, 'forge'>> {
  const named = new Set([...setting, ...(fromRepository ?? [])].filter(isGroup));
  const members = new Map<string, readonly string[]>();
  const unread: UnreadGroup[] = [];
  for (const group of named) {
    try {
      members.set(group, await groups.members(group));
    } catch (error) {
      if (!(error instanceof FactoryError)) throw error;
      unread.push({ group, reason: error.message, fix: error.fix });
    }
  }
  return { approvers: effectiveApprovers(setting, fromRepository, members), members, unread };
}

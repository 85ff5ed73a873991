import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { LOCAL_USER, mayApprove } from '#src/review/rights.ts';
import type { GroupMembers } from '#src/review/rights.ts';

/** Who is asked where nobody is named: they sit at the machine. */
const RUNS_THE_WORKBENCH = 'the person who runs the workbench';

/** People, groups or roles that a task waits for, as they are named: `slack:U0ADA`, `slack:S0LEADS`, `local`. */
export function awaitedBy({ waitingWho }: Pick<StoryTaskRow, 'waitingWho'>): string[] {
  return (waitingWho ?? '').split(', ').filter((name) => name !== '');
}

/**
 * Whether a task waits for this person. An approval waits for whoever may give it, so not for the requester, though they
 * may be among the approvers. For what is shown only: rights are read anew when somebody acts.
 */
export function waitsFor(
  actor: string,
  task: Pick<StoryTaskRow, 'waitingKind' | 'waitingWho' | 'requester'>,
  { members, forge }: { members: GroupMembers; forge: string },
): boolean {
  const named = awaitedBy(task);
  if (task.waitingKind === 'approval')
    return mayApprove(actor, task.requester, { approvers: named, members, forge }).allowed;
  return named.includes(actor) || (actor === LOCAL_USER && named.includes(RUNS_THE_WORKBENCH));
}

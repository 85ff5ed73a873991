import { peopleOf } from '#src/review/rights.ts';
import type { DeskTools } from './desk-tools.ts';

/** Whether `APPROVERS` names them now, in person or by a group. `note`: which group could not be read, and what to do. */
export async function isApprover(
  { approvers }: Pick<DeskTools, 'approvers'>,
  actor: string,
): Promise<{ ok: boolean; note: string | null }> {
  const { approvers: named, members = new Map(), unread = [] } = await approvers();
  const note = unread.map(({ reason, fix }) => `${reason} ${fix}`).join(' ');
  return { ok: peopleOf(named, members).includes(actor), note: note === '' ? null : note };
}

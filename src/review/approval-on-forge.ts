import type { ForgeReview } from '#src/ports/forge.ts';
import { accountName, isSameName, mayApprove, peopleOf } from './rights.ts';
import type { ApprovalRights } from './rights.ts';

/**
 * Whose decision an approving review on the forge is: the listed name of an approver, or null. An account speaks for the
 * person who linked it, and for itself where it is listed as `github:LOGIN`; for nobody where that person, under any of
 * their names, asked for the change.
 */
export function approverBehind(
  review: Pick<ForgeReview, 'by' | 'accountId'>,
  requester: string,
  rights: ApprovalRights,
): string | null {
  const { forge, linked = [], approvers, members = new Map() } = rights;
  const account = accountName({ forge, login: review.by });
  const person = linked.find((one) => one.forge === forge && one.accountId === review.accountId)?.person;
  const listed = peopleOf(approvers, members).find((name) => isSameName(name, account));
  const names = [person, listed].filter((name) => name !== undefined);
  const now = withNow(rights, review);
  return names.find((name) => mayApprove(name, requester, now).allowed) ?? null;
}

/** A login may have changed since it was linked; the account is the same under both. */
function withNow(rights: ApprovalRights, { by, accountId }: Pick<ForgeReview, 'by' | 'accountId'>): ApprovalRights {
  const linked = (rights.linked ?? []).flatMap((one) =>
    one.forge === rights.forge && one.accountId === accountId ? [one, { ...one, login: by }] : [one],
  );
  return { ...rights, linked };
}

import { isPersonaName } from '#src/ports/personas.ts';

/** What decides who may approve. Read again when the approval acts, never only when it was given. */
export interface ApprovalRights {
  /** `APPROVERS`, and where the repository's `factory.yaml` has a list, only those who stand in both. */
  approvers: readonly string[];
  forge: string;
}

export type RightsAnswer =
  | { allowed: true; byRequester: boolean }
  | { allowed: false; code: string; reason: string; fix: string };

/** Stands where approvers would be named when there is none. */
export const NO_APPROVER = 'an approver (the list is empty)';

/** The person who sits at this machine. */
export const LOCAL_USER = 'local';

/**
 * May `actor` approve what `requester` committed? Personas never; an empty list denies; the requester is refused but
 * in *solo*: a local forge whose only approver is the local user.
 */
export function mayApprove(actor: string, requester: string, rights: ApprovalRights): RightsAnswer {
  if (isPersonaName(actor) || actor === 'factory' || actor.startsWith('persona:')) {
    return {
      allowed: false,
      code: 'persona-cannot-approve',
      reason: `${actor} is a persona of the factory.`,
      fix: 'Ask a person who is an approver.',
    };
  }
  if (rights.approvers.length === 0) {
    return {
      allowed: false,
      code: 'no-approvers',
      reason: 'This project has no approvers.',
      fix: 'Name them in APPROVERS, or in approvers of factory.yaml.',
    };
  }
  if (!rights.approvers.includes(actor)) {
    return {
      allowed: false,
      code: 'not-an-approver',
      reason: `${actor} is not an approver of this project.`,
      fix: `Ask ${rights.approvers.join(' or ')}.`,
    };
  }
  if (actor !== requester) return { allowed: true, byRequester: false };
  const solo = rights.forge === 'local' && new Set(rights.approvers).size === 1 && actor === LOCAL_USER;
  if (solo) return { allowed: true, byRequester: true };
  return {
    allowed: false,
    code: 'requester-cannot-approve',
    reason: `${actor} committed this story, so someone else has to approve it.`,
    fix: `Ask ${rights.approvers.filter((approver) => approver !== actor).join(' or ') || 'for a second approver in APPROVERS'}.`,
  };
}

/** `APPROVERS` narrowed by the repository's own list, where it has one. Both must agree, so either can close the door. */
export function effectiveApprovers(setting: readonly string[], fromRepository: readonly string[] | null): string[] {
  return fromRepository === null ? [...setting] : setting.filter((approver) => fromRepository.includes(approver));
}

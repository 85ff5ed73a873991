import type { LinkedAccountRow } from '#src/ledger/rows.ts';
import { isGroup } from '#src/ports/groups.ts';
import { isPersonaName } from '#src/ports/personas.ts';

/** What decides who may approve. Read again when the approval acts, never only when it was given. */
export interface ApprovalRights {
  /**
   * People and groups, as they are named: `APPROVERS`, and where the repository's `factory.yaml` has a list, only what
   * both allow. People are told these names.
   */
  approvers: readonly string[];
  /** Who is in the groups now. A group that is not in here has nobody. */
  members?: GroupMembers;
  /** Groups of either list that could not be read. */
  unread?: readonly UnreadGroup[];
  /** Accounts of people, so that nobody is two. */
  linked?: readonly LinkedPerson[];
  forge: string;
}

/** A person and their account on a forge. */
export type LinkedPerson = Pick<LinkedAccountRow, 'forge' | 'person' | 'login' | 'accountId'>;

/** People by the name of their group. */
export type GroupMembers = ReadonlyMap<string, readonly string[]>;

export interface UnreadGroup {
  group: string;
  reason: string;
  fix: string;
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
 * in *solo*: a local forge whose only approver is the local user. A list with a group in it is a team's: an empty or
 * unreadable group makes nobody solo.
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
  const { approvers, members = new Map(), unread = [] } = rights;
  const isListed = peopleOf(approvers, members).includes(actor);
  if (!isListed && unread.length > 0) {
    return {
      allowed: false,
      code: 'group-unreadable',
      reason: `It cannot be seen whether ${actor} may approve. ${unread.map(({ reason }) => reason).join(' ')}`,
      fix: [...new Set(unread.map(({ fix }) => fix)), ...askOthers(rights, actor)].join(' '),
    };
  }
  if (approvers.length === 0) {
    return {
      allowed: false,
      code: 'no-approvers',
      reason: 'This project has no approvers.',
      fix: 'Name them in APPROVERS, or in approvers of factory.yaml.',
    };
  }
  if (!isListed) {
    return {
      allowed: false,
      code: 'not-an-approver',
      reason: `${actor} is not an approver of this project.`,
      fix: `Ask ${wordsFor(approvers)}.`,
    };
  }
  if (!isSamePerson(actor, requester, rights.linked ?? [])) return { allowed: true, byRequester: false };
  const isTeam = members.size > 0 || unread.length > 0;
  const solo = rights.forge === 'local' && !isTeam && new Set(approvers).size === 1 && actor === LOCAL_USER;
  if (solo) return { allowed: true, byRequester: true };
  return {
    allowed: false,
    code: 'requester-cannot-approve',
    reason: `${actor} committed this story, so someone else has to approve it.`,
    fix: `Ask ${wordsFor(approvers.filter((approver) => approver !== actor)) || 'for a second approver in APPROVERS'}.`,
  };
}

/** Under whichever of their names: `slack:U0ADA` and `github:ada` are one where she linked them. */
function isSamePerson(one: string, other: string, linked: readonly LinkedPerson[]): boolean {
  if (one === other) return true;
  return linked.some((pair) => {
    const names = [pair.person, accountName(pair)];
    return [one, other].every((name) => names.some((own) => isSameName(own, name)));
  });
}

/** As lists of approvers and the ledger name an account: `github:ada`. */
export function accountName({ forge, login }: Pick<LinkedPerson, 'forge' | 'login'>): string {
  return `${forge}:${login}`;
}

/** Logins are the same in upper and lower case. */
export function isSameName(one: string, other: string): boolean {
  return one === other || (one.startsWith('github:') && one.toLowerCase() === other.toLowerCase());
}

/** Listed people who can approve while a group cannot be read. */
function askOthers({ approvers }: ApprovalRights, actor: string): string[] {
  const others = approvers.filter((approver) => approver !== actor && !isGroup(approver));
  return others.length === 0 ? [] : [`Or ask ${wordsFor(others)}.`];
}

function wordsFor(approvers: readonly string[]): string {
  return approvers.map((approver) => (isGroup(approver) ? `the group ${approver}` : approver)).join(' or ');
}

/** Everybody whom a list means, groups by who is in them now. A group is nobody by its own name. */
export function peopleOf(approvers: readonly string[], members: GroupMembers): string[] {
  return [...new Set(approvers.flatMap((name) => (isGroup(name) ? (members.get(name) ?? []) : [name])))];
}

/**
 * `APPROVERS` narrowed by the repository's own list, where it has one. Both must allow a person, so either can close the
 * door. What both name stays as it is named; where one names a group and the other its people, those who are in both
 * stay, by their own names.
 */
export function effectiveApprovers(
  setting: readonly string[],
  fromRepository: readonly string[] | null,
  members: GroupMembers = new Map(),
): string[] {
  if (fromRepository === null) return [...setting];
  const inBoth = setting.filter((approver) => fromRepository.includes(approver));
  const covered = new Set(peopleOf(inBoth, members));
  const inRepository = new Set(peopleOf(fromRepository, members));
  const others = peopleOf(setting, members).filter((person) => inRepository.has(person) && !covered.has(person));
  return [...inBoth, ...others];
}

import { FactoryError } from '#src/errors.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { People } from '#src/ports/surface.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { callFaultOf } from '../call-fault.ts';
import { whyNot } from '../checks/sign-in.ts';
import { actorOf, groupIdOf } from './actor.ts';
import type { SlackUser } from './person.ts';
import { personFrom } from './person.ts';

/** The part of the Web API client that tells who is in a user group. */
export interface GroupClient {
  usergroups: {
    list(args: object): Promise<{ usergroups?: { id?: string; handle?: string; date_delete?: number }[] }>;
    users: { list(args: { usergroup: string }): Promise<{ users?: string[] }> };
  };
  users: { info(args: { user: string }): Promise<{ user?: SlackUser }> };
}

/** Each member is looked up, at about 100 a minute; nobody names so many approvers. */
const MAX_MEMBERS = 50;
const MAX_HANDLE_CHARACTERS = 80;

/** User groups of Slack. Nothing is kept between two questions but the handle, which others show. */
export function createGroups({ client, kept }: { client: GroupClient; kept: Pick<People, 'remember'> }): Groups {
  return {
    async members(group) {
      const id = groupIdOf(group);
      if (id === null)
        throw unreadable(group, 'it is no user group of Slack', 'Name it as slack:S0123ABCD in APPROVERS.');
      try {
        const { usergroups = [] } = await client.usergroups.list({ include_disabled: true });
        const found = usergroups.find((one) => one.id === id);
        if (found === undefined) throw unreadable(group, 'it is not in this workspace', NAME_ANOTHER);
        // Slack keeps who was in a group that is disabled.
        if ((found.date_delete ?? 0) !== 0) throw unreadable(group, 'it was disabled', ENABLE_IT);
        await kept.remember(group, `@${cleanLine(found.handle ?? id, MAX_HANDLE_CHARACTERS)}`);
        const { users } = await client.usergroups.users.list({ usergroup: id });
        if (users === undefined) throw unreadable(group, 'Slack named no members', 'Try again in a minute.');
        if (users.length > MAX_MEMBERS)
          throw unreadable(group, `it has more than ${MAX_MEMBERS} members`, 'Make a smaller group for approvers.');
        const present = await Promise.all(users.map((user) => isPresent(client, user)));
        return users.filter((_user, index) => present[index]).map(actorOf);
      } catch (error) {
        throw error instanceof FactoryError ? error : refused(group, error);
      }
    },
  };
}

/** Slack does not promise to leave people out of a group who were deactivated. */
async function isPresent(client: GroupClient, user: string): Promise<boolean> {
  try {
    const { user: found } = await client.users.info({ user });
    if (found === undefined) return false;
    const { isBot, hasLeft } = personFrom(user, found);
    return !isBot && !hasLeft;
  } catch (error) {
    const fault = callFaultOf(error);
    if (fault.kind === 'refused' && GONE.has(fault.error)) return false;
    throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(['user_not_found', 'user_not_visible']);
const ENABLE_IT = 'Enable it in Slack, or name another group, or people, in APPROVERS.';
const NAME_ANOTHER = 'Name another group, or people, in APPROVERS.';
/** Slack's words for a group that is no more. */
const NO_GROUP: ReadonlySet<string> = new Set(['no_such_subteam', 'subteam_not_found', 'no_such_usergroup']);

function refused(group: string, error: unknown): FactoryError {
  const fault = callFaultOf(error);
  if (fault.kind === 'refused' && fault.error === 'missing_scope') {
    const scope = fault.needed ?? 'usergroups:read';
    const fix = `Add ${scope} under OAuth & Permissions of the app, then install it again.`;
    return unreadable(group, `the app may not read it (${scope})`, fix, error);
  }
  if (fault.kind === 'refused' && NO_GROUP.has(fault.error))
    return unreadable(group, 'it is not in this workspace', NAME_ANOTHER, error);
  const { reason, fix } = whyNot(error, 'SLACK_BOT_TOKEN');
  return unreadable(group, `${reason.charAt(0).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`, fix, error);
}

function unreadable(group: string, why: string, fix: string, cause?: unknown): FactoryError {
  return new FactoryError('group-unreadable', `The group ${group} could not be read: ${why}.`, { fix, cause });
}

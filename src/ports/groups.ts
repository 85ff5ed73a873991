import { FactoryError } from '../errors.ts';

/** Groups of people on a surface, as settings name them: `slack:S0123ABCD`. */
export interface Groups {
  /**
   * Who is in it now, as actors, without those who left. Rights rest on this: it is asked anew each time, and where it
   * cannot be told it is FactoryError `group-unreadable`, never a guess.
   */
  members(group: string): Promise<string[]>;
}

const GROUP = /^slack:S[A-Z0-9]{2,30}$/;

/** Whether a name in a list of approvers means a group; all others mean one person. */
export function isGroup(name: string): boolean {
  return GROUP.test(name);
}

/** Where no surface is set up that has groups. */
export const noGroups: Groups = {
  members: async (group) => {
    throw new FactoryError('group-unreadable', `Nobody can say who is in the group ${group}: Slack is not set up.`, {
      fix: 'Set SLACK_BOT_TOKEN, or name people in APPROVERS in place of the group.',
    });
  },
};

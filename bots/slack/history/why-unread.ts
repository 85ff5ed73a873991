import { callFaultOf, tokenErrors } from '../call-fault.ts';

/** Why Slack does not let a thread be read, for the person who asked for it. Anything else is thrown on, and tried again. */
export function whyUnread(error: unknown): string {
  const fault = callFaultOf(error);
  if (fault.kind !== 'refused' || tokenErrors.has(fault.error)) throw error;
  if (fault.error === 'not_in_channel' || fault.error === 'channel_not_found') {
    return 'I am not in this conversation, so I cannot read it. Invite me with `/invite`, then try again.';
  }
  const needed = fault.needed === null ? '' : ` The app needs the permission ${fault.needed}.`;
  return `Slack did not let me read this thread (${fault.error}).${needed}`;
}

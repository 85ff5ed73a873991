import type { WebClient } from '@slack/web-api';
import type { CheckView } from '#src/desk/desk.ts';
import { callFaultOf, tokenErrors } from '../call-fault.ts';
import { noSessionErrors } from '../native/set-status.ts';

const name = 'slack status';

/** No channel has this id, so whatever Slack answers, nothing is set. */
const NOWHERE = { channel_id: 'C00000000', thread_ts: '1000000000.000000' };

/** Whether Slack itself can show what a task does: asked for a thread that is nowhere. Sets nothing. */
export async function checkSessions(client: WebClient): Promise<CheckView> {
  try {
    await client.agents.sessions.setStatus({ ...NOWHERE, status: 'active' });
  } catch (error) {
    const fault = callFaultOf(error);
    if (fault.kind !== 'refused' || tokenErrors.has(fault.error)) {
      const detail = 'Slack did not say whether it shows a task’s status.';
      return { name, state: 'warning', detail, fix: 'Run this again later.' };
    }
    if (noSessionErrors.has(fault.error)) {
      return {
        name,
        state: 'warning',
        detail: `Slack itself shows no status of tasks and no Stop button (${fault.error}).`,
        fix: 'Fine as it is: the task cards have both. For Slack’s own, declare the app an agent in its settings.',
      };
    }
  }
  return { name, state: 'ok', detail: 'Slack itself shows what a task does, with a Stop button.', fix: null };
}

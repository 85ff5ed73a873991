import type { WebClient } from '@slack/web-api';
import { callFaultOf, tokenErrors } from '../call-fault.ts';

export interface SignedIn {
  ok: true;
  team: { id: string; name: string };
  userId: string;
  userName: string;
  botId: string;
  /** What the token may do; null where Slack did not say. */
  scopes: readonly string[] | null;
}

export interface Refused {
  ok: false;
  reason: string;
  fix: string;
}

/** Tries a bot token. `setting`: where it was set. Never says the token itself. */
export async function signIn(client: WebClient, setting: string): Promise<SignedIn | Refused> {
  try {
    const answer = await client.auth.test();
    const { team_id: teamId, team, user_id: userId, user, bot_id: botId } = answer;
    if (botId === undefined) {
      return {
        ok: false,
        reason: `${setting} is a person's token, not an app's.`,
        fix: 'Take the Bot User OAuth Token of the app (OAuth & Permissions).',
      };
    }
    return {
      ok: true,
      team: { id: teamId ?? '', name: team ?? 'the workspace' },
      userId: userId ?? '',
      userName: user ?? 'the app',
      botId,
      scopes: answer.response_metadata?.scopes ?? null,
    };
  } catch (error) {
    return { ok: false, ...whyNot(error, setting) };
  }
}

/** What a call that came to nothing means for whoever set Slack up. */
export function whyNot(error: unknown, setting: string): { reason: string; fix: string } {
  const fault = callFaultOf(error);
  if (fault.kind === 'busy')
    return { reason: 'Slack asks to wait before it is asked again.', fix: 'Try again in a minute.' };
  if (fault.kind === 'unanswered') {
    return { reason: 'Slack does not answer.', fix: 'Check that this machine reaches slack.com, and SLACK_API_URL.' };
  }
  if (tokenErrors.has(fault.error)) {
    return {
      reason: `Slack does not take ${setting} (${fault.error}).`,
      fix: 'Install the app again, and copy the token anew from its page at https://api.slack.com/apps.',
    };
  }
  return { reason: `Slack refused: ${fault.error}.`, fix: `Check ${setting}, and that the app is installed.` };
}

import type { WebClient } from '@slack/web-api';
import type { CheckView } from '#src/desk/desk.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { callFaultOf } from '../call-fault.ts';
import { whyNot } from './sign-in.ts';

/** More pages than this are read for no channel: a persona who is in none of them is not said to be missing. */
const MAX_MEMBER_PAGES = 10;
const MEMBERS_A_PAGE = 200;

export interface Member {
  userId: string;
  /** As they are invited: `@Tess`. */
  name: string;
}

/** Whether the app, and every persona with an app of its own, stands in a channel that is bound to a project. */
export async function checkChannel(
  client: WebClient,
  channel: string,
  app: Member,
  personas: readonly Member[],
): Promise<CheckView> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    const shown = found?.name === undefined ? channel : `#${cleanLine(found.name)}`;
    const name = `slack ${shown}`;
    if (found?.is_archived === true) {
      const fix = 'Unarchive it, or bind the project to another channel with /workbench bind.';
      return { name, state: 'missing', detail: 'It is archived, so nothing can be posted there.', fix };
    }
    const isDirect = found?.is_im === true || found?.is_mpim === true;
    if (found?.is_member === false && !isDirect) {
      const fix = `Say there: /invite @${app.name}`;
      return { name, state: 'missing', detail: `@${app.name} is not a member, and hears nothing.`, fix };
    }
    const absent = isDirect || personas.length === 0 ? [] : await absentFrom(client, channel, personas);
    if (absent.length > 0) {
      const names = absent.map((one) => `@${one.name}`).join(' ');
      const detail = `Not members, so what they say is not posted: ${names}.`;
      return { name, state: 'missing', detail, fix: `Say there: /invite ${names}` };
    }
    return { name, state: 'ok', detail: `@${app.name} is a member.`, fix: null };
  } catch (error) {
    const fault = callFaultOf(error);
    const name = `slack ${channel}`;
    if (fault.kind === 'refused' && fault.error === 'channel_not_found') {
      const fix = `Say there: /invite @${app.name}. If it was deleted, bind another channel with /workbench bind.`;
      return { name, state: 'missing', detail: 'Slack shows no such channel to the app.', fix };
    }
    const { reason, fix } = whyNot(error, 'SLACK_BOT_TOKEN');
    return { name, state: 'missing', detail: reason, fix };
  }
}

async function absentFrom(client: WebClient, channel: string, personas: readonly Member[]): Promise<Member[]> {
  let absent = [...personas];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_MEMBER_PAGES && absent.length > 0; page += 1) {
    const next = cursor === undefined ? {} : { cursor };
    const answer = await client.conversations.members({ channel, limit: MEMBERS_A_PAGE, ...next });
    const here = new Set(answer.members);
    absent = absent.filter(({ userId }) => !here.has(userId));
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return absent;
  }
  return [];
}

import type { WebClient } from '@slack/web-api';
import type { SlackSettings } from '#src/slack-settings.ts';
import type { CheckView } from '#src/desk/desk.ts';
import { callFaultOf } from '../call-fault.ts';
import { whyNot } from './sign-in.ts';

const name = 'slack events';
/** Slack tells no app which events it gets, so this can only be said, not tried. */
const HINT = 'If a mention stays without an answer, paste the manifest again and reinstall.';

/** Whether events can come in. `appId`: of the bot token's app; null when it is not known. */
export async function checkDelivery(
  delivery: SlackSettings['delivery'],
  clientFor: (token: string) => WebClient,
  appId: string | null,
): Promise<CheckView> {
  if (delivery.kind === 'http') {
    const detail = `Slack sends signed requests to the address in the manifest. ${HINT}`;
    return { name, state: 'ok', detail, fix: null };
  }
  // An app-level token names its app: xapp-1-A0123ABCD-…
  const [, ownAppId] = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(delivery.appToken) ?? [];
  if (ownAppId !== undefined && appId !== null && ownAppId !== appId) {
    return {
      name,
      state: 'missing',
      detail: 'SLACK_APP_TOKEN belongs to another app than SLACK_BOT_TOKEN.',
      fix: 'Take both from the page of one app.',
    };
  }
  try {
    await clientFor(delivery.appToken).apps.connections.open();
    return { name, state: 'ok', detail: `Socket Mode opens. ${HINT}`, fix: null };
  } catch (error) {
    const fault = callFaultOf(error);
    if (fault.kind === 'refused' && fault.error === 'missing_scope') {
      return {
        name,
        state: 'missing',
        detail: 'SLACK_APP_TOKEN may not open a connection.',
        fix: 'Make a new one with connections:write (Basic Information, App-Level Tokens).',
      };
    }
    const { reason, fix } = whyNot(error, 'SLACK_APP_TOKEN');
    const socketFix = fault.kind === 'refused' ? `${fix} Socket Mode must be on in its settings.` : fix;
    return { name, state: 'missing', detail: reason, fix: socketFix };
  }
}

import { WebClient } from '@slack/web-api';
import type { SlackSettings } from '#src/slack-settings.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { People } from '#src/ports/surface.ts';
import { clientOptions } from '../client-options.ts';
import { silent } from '../checks/check-slack.ts';
import { createGroups } from './create-groups.ts';

/** A person waits for the answer, and a merge. */
const CALL_TIMEOUT_MS = 10_000;

/** User groups for processes that are not in Slack themselves. */
export function openGroups(settings: SlackSettings, kept: Pick<People, 'remember'>): Groups {
  const options = clientOptions(settings, { timeoutMs: CALL_TIMEOUT_MS, logger: silent });
  return createGroups({ client: new WebClient(settings.botToken, options), kept });
}

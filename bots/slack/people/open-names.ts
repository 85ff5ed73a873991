import { WebClient } from '@slack/web-api';
import type { Clock } from '#src/ports/clock.ts';
import type { People } from '#src/ports/surface.ts';
import type { SlackSettings } from '#src/slack-settings.ts';
import { silent } from '../checks/check-slack.ts';
import { clientOptions } from '../client-options.ts';
import { createPeople } from './create-people.ts';
import { lookUpNames } from './look-up-names.ts';

/** What is shown waits for it. */
const CALL_TIMEOUT_MS = 3_000;

/** Names of people for processes that are not in Slack themselves. */
export function openNames(settings: SlackSettings, kept: People, clock: Clock): People {
  const options = clientOptions(settings, { timeoutMs: CALL_TIMEOUT_MS, logger: silent });
  const people = createPeople({ client: new WebClient(settings.botToken, options), clock, kept });
  return lookUpNames({ kept, people, clock });
}
